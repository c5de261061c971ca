namespace Granary.Edge.Layer4;

/// <summary>Says once that nothing has moved for so long. A move costs one write; the timer is set anew only when it runs out.</summary>
internal sealed class IdleWatch : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private readonly Action _idle;
    private readonly ITimer _timer;
    private long _last;

    public IdleWatch(TimeSpan limit, TimeProvider clock, Action idle)
    {
        (_limit, _clock, _idle, _last) = (limit, clock, idle, clock.GetTimestamp());
        _timer = clock.CreateTimer(static watch => ((IdleWatch)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(limit, Timeout.InfiniteTimeSpan); // not before it is in the field that Look reads
    }

    public void Moved() => Volatile.Write(ref _last, _clock.GetTimestamp());

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var left = _limit - _clock.GetElapsedTime(Volatile.Read(ref _last));
        if (left <= TimeSpan.Zero) _idle();
        else _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan); // timers count in whole milliseconds
    }
}
