using System.Collections.Concurrent;

namespace Granary.Edge.Owners;

/// <summary>
/// Requests that go round the cache because no silo answers: few at a time for each URL, so that a lost owner sends no herd to the origin (P3). None waits for long:
/// a turn lasts as long as its response, and one that does not end must not keep the others from theirs.
/// </summary>
internal sealed class Bypasses(TimeProvider clock)
{
    private const int MostPerUrl = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn, or until it has waited long enough.</summary>
    public async Task<Bypass> Enter(string uri, CancellationToken cancellationToken)
    {
        var gate = _gates.AddOrUpdate(uri, static _ => new Gate(1), static (_, gate) => gate with { Users = gate.Users + 1 });
        var hasWaited = !gate.Turns.Wait(0, CancellationToken.None);
        try
        {
            var hasTurn = !hasWaited || await HasTurn(gate.Turns, cancellationToken);
            return new Bypass(this, uri, hasTurn ? gate.Turns : null, hasWaited);
        }
        catch (OperationCanceledException)
        {
            Leave(uri);
            throw;
        }
    }

    private async Task<bool> HasTurn(SemaphoreSlim turns, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await turns.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Leave(string uri)
    {
        var left = _gates.AddOrUpdate(uri, static _ => new Gate(0), static (_, gate) => gate with { Users = gate.Users - 1 });
        if (left.Users == 0) _gates.TryRemove(KeyValuePair.Create(uri, left));
    }

    /// <summary>One request's turn, until it is disposed.</summary>
    /// <param name="Turns">Null: it goes without one.</param>
    /// <param name="HasWaited">Others were before it: the cache may answer again by now.</param>
    public readonly record struct Bypass(Bypasses All, string Uri, SemaphoreSlim? Turns, bool HasWaited) : IDisposable
    {
        public void Dispose()
        {
            Turns?.Release();
            All.Leave(Uri);
        }
    }

    private sealed record Gate(int Users)
    {
        public SemaphoreSlim Turns { get; } = new(MostPerUrl);
    }
}
