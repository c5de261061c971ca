namespace Granary.Grains.Origin;

/// <summary>
/// The time that a passed request has up to the head of its answer. Its content may be written on after that, as in a stream both ways (RFC 9113 §8.1): from then on
/// the answer's own pace counts, and nothing is timed here.
/// </summary>
internal sealed class HeadTimer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source;
    private bool _isOver;

    public HeadTimer(TimeSpan time, TimeProvider clock)
    {
        _source = new CancellationTokenSource(time, clock);
        Token = _source.Token;
    }

    public CancellationToken Token { get; }

    public void Restart(TimeSpan time)
    {
        lock (_gate)
            if (!_isOver) _source.CancelAfter(time);
    }

    public void Rest() => Restart(Timeout.InfiniteTimeSpan);

    public void Cancel()
    {
        lock (_gate)
            if (_isOver) return;
        _source.Cancel();
    }

    /// <summary>The head is there, or there will be none.</summary>
    public void Dispose()
    {
        lock (_gate) _isOver = true;
        _source.Dispose();
    }
}
