using Granary.Grains.Resources;

namespace Granary.Grains.Groups;

/// <summary>
/// Numbers invalidations of groups, hosts, prefixes and all, one after the other: (1) a number that is higher than any known here  (2) tell all  (3) again with a higher one, if a member knew one that is not lower.
/// There is one that is asked first, where the ledger grain is, so that numbers seldom meet; but any silo can give them, and two that give the same one at once both see it by (3).
/// </summary>
internal sealed class Ledger(GroupEpochs epochs, Invalidations invalidations) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private long _last;

    public async Task<Purged> Invalidate(Scope scope, bool isSoft)
    {
        await _turn.WaitAsync();
        try
        {
            var fenced = new HashSet<string>(StringComparer.Ordinal);
            while (!await Tell(scope, isSoft, _last = Math.Max(_last, epochs.Now) + 1, fenced)) // (1)
            {
            }

            return new Purged(0, [.. fenced]);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // A member may know of a higher number: from another ledger, or one that is gone and did not come to tell all. What it fetched since then is not hit by a lower one.
    private async Task<bool> Tell(Scope scope, bool isSoft, long number, HashSet<string> allFenced)
    {
        var (before, fenced) = await invalidations.Tell(scope, isSoft, number);                 // (2)
        allFenced.UnionWith(fenced);
        _last = Math.Max(_last, before);
        return before < number;                                                                 // (3)
    }
}
