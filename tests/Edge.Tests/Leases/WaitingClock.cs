namespace Granary.Edge.Tests.Leases;

/// <summary>Another clock, of which it is known how many wait on it: a test lets time pass only when all who shall wait do.</summary>
internal sealed class WaitingClock(TimeProvider clock) : TimeProvider
{
    private int _waiting;

    /// <summary>Timers that are set and have not run out.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Counted(this, clock, callback, state, dueTime, period);

    private sealed class Counted : ITimer
    {
        private readonly WaitingClock _all;
        private readonly ITimer _timer;
        private int _isOver;

        public Counted(WaitingClock all, TimeProvider clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _all = all;
            Interlocked.Increment(ref all._waiting);
            _timer = clock.CreateTimer(_ =>
            {
                End();
                callback(state);
            }, null, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

        public void Dispose()
        {
            End();
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            End();
            return _timer.DisposeAsync();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) Interlocked.Decrement(ref _all._waiting);
        }
    }
}
