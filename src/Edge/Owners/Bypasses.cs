using System.Collections.Concurrent;

namespace Granary.Edge.Owners;

/// <summary>Requests that go round the cache because no silo answers: few at a time for each URL, so that a lost owner sends no herd to the origin (P3).</summary>
internal sealed class Bypasses
{
    private const int MostPerUrl = 2;

    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn.</summary>
    public async Task<Bypass> Enter(string uri, CancellationToken cancellationToken)
    {
        var gate = _gates.AddOrUpdate(uri, static _ => new Gate(1), static (_, gate) => gate with { Users = gate.Users + 1 });
        var hasWaited = !gate.Turns.Wait(0, CancellationToken.None);
        try
        {
            if (hasWaited) await gate.Turns.WaitAsync(cancellationToken);
            return new Bypass(this, uri, gate.Turns, hasWaited);
        }
        catch (OperationCanceledException)
        {
            Leave(uri);
            throw;
        }
    }

    private void Leave(string uri)
    {
        var left = _gates.AddOrUpdate(uri, static _ => new Gate(0), static (_, gate) => gate with { Users = gate.Users - 1 });
        if (left.Users == 0) _gates.TryRemove(KeyValuePair.Create(uri, left));
    }

    /// <summary>One request's turn, until it is disposed.</summary>
    /// <param name="HasWaited">Others were before it: the cache may answer again by now.</param>
    public readonly record struct Bypass(Bypasses All, string Uri, SemaphoreSlim Turns, bool HasWaited) : IDisposable
    {
        public void Dispose()
        {
            Turns.Release();
            All.Leave(Uri);
        }
    }

    private sealed record Gate(int Users)
    {
        public SemaphoreSlim Turns { get; } = new(MostPerUrl);
    }
}
