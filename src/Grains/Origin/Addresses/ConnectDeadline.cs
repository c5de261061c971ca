namespace Granary.Grains.Origin.Addresses;

/// <summary>The connect time-out, counted from its making, and the caller's own cancellation beside it.</summary>
internal sealed class ConnectDeadline(TimeSpan timeout, TimeProvider clock, CancellationToken caller)
{
    private readonly long _start = clock.GetTimestamp();

    /// <summary>A cancellation seen now came from the clock, not from the caller.</summary>
    public bool WasItself => !caller.IsCancellationRequested;

    public Limit Whole() => ShareAmong(1);

    /// <summary>What is left, divided: an address that does not answer leaves time for those behind it.</summary>
    public Limit ShareAmong(int attempts)
    {
        var left = timeout - clock.GetElapsedTime(_start);
        return new Limit(left > TimeSpan.Zero ? left / attempts : TimeSpan.Zero, clock, caller);
    }

    /// <summary>One running limit. Both sources are disposed together.</summary>
    internal sealed class Limit : IDisposable
    {
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _either;

        public Limit(TimeSpan time, TimeProvider clock, CancellationToken caller)
        {
            _timer = new CancellationTokenSource(time, clock);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
        }

        public CancellationToken Token => _either.Token;

        public void Dispose()
        {
            _either.Dispose();
            _timer.Dispose();
        }
    }
}
