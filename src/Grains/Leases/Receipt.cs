namespace Granary.Grains.Leases;

/// <summary>What a recall waits for: that the edge acknowledges it, or that its session as it was then has run out.</summary>
/// <param name="position">The number of the recall in its session.</param>
/// <param name="until">No answer that left before the recall lets the edge reuse anything after this; those that left later bring the recall with them.</param>
internal sealed class Receipt(Session session, long position, long until)
{
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Position { get; } = position;

    public string Edge => session.Edge;

    public void Acknowledge() => _heard.TrySetResult();

    public bool IsOver(TimeProvider clock) => _heard.Task.IsCompleted || clock.Left(until) is null;

    /// <returns>Whether the edge acknowledged; if not, its session has run out.</returns>
    public async Task<bool> Wait(TimeProvider clock, CancellationToken cancellationToken = default)
    {
        while (!_heard.Task.IsCompleted && !cancellationToken.IsCancellationRequested && clock.Left(until) is { } left)
            await _heard.Task.WaitAsync(left, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        if (_heard.Task.IsCompleted) return true;
        session.Forget(this);
        return false;
    }
}
