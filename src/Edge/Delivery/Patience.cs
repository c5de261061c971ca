namespace Granary.Edge.Delivery;

/// <summary>Ends what takes too long, and what its client no longer waits for.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _ended;
    private readonly ITimer _timer;

    public Patience(TimeProvider clock, CancellationToken clientGone)
    {
        _ended = CancellationTokenSource.CreateLinkedTokenSource(clientGone);
        _timer = clock.CreateTimer(static patience => ((Patience)patience!).RunOut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _ended.Token;

    /// <summary>It took too long.</summary>
    public bool IsOver { get; private set; }

    public void Begin(TimeSpan span) => _timer.Change(span, Timeout.InfiniteTimeSpan);

    public void End() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Nobody waits any more.</summary>
    public void GiveUp() => _ended.Cancel();

    public void Dispose()
    {
        _timer.Dispose();
        _ended.Dispose();
    }

    private void RunOut()
    {
        IsOver = true;
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The timer was on its way here while it was disposed.
        }
    }
}
