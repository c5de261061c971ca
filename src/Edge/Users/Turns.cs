namespace Granary.Edge.Users;

/// <summary>Few at a time verify what is slow; a bounded number wait for their turn.</summary>
internal sealed class Turns(int atOnce, int waiting = 256) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(atOnce);
    private int _there;

    /// <returns>What was found out; <see cref="Verdict.Busy"/> if too many are there.</returns>
    public async Task<Verdict> Take(Func<Verdict> verify)
    {
        if (Interlocked.Increment(ref _there) > atOnce + waiting)
        {
            Interlocked.Decrement(ref _there);
            return Verdict.Busy;
        }

        await _turns.WaitAsync();
        try
        {
            return await Task.Run(verify);
        }
        finally
        {
            _turns.Release();
            Interlocked.Decrement(ref _there);
        }
    }

    public void Dispose() => _turns.Dispose();
}
