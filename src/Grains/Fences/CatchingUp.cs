using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Resources;

namespace Granary.Grains.Fences;

/// <summary>
/// Applies what this silo missed: once this returns nothing of it is read from the store any more, and it is among the recalls of every edge, which go with the next word to it. Nobody waits for edges:
/// what they hold ends with the mandate under which it was renewed last, unless they hear the recall first.
/// </summary>
internal sealed class CatchingUp(Invalidations invalidations, GroupEpochs epochs, MissedWriting writing, ILogger<CatchingUp> logger)
{
    /// <param name="heard">Entries up to this one were applied before.</param>
    /// <param name="written">Up to this one there must be all.</param>
    /// <returns>Up to which it has heard now.</returns>
    public long Apply(ImmutableArray<MissedEntry> entries, long heard, long written)
    {
        var (last, applied) = (heard, 0);
        foreach (var entry in entries)
        {
            if (entry.Number <= last) continue;
            Apply(entry.Number == last + 1 ? writing.Read(entry.Bytes) : Missed.Everything.Instance); // some are gone
            (last, applied) = (entry.Number, applied + 1);
        }

        if (last < written) ApplyEverything();
        logger.CaughtUp(applied);
        return Math.Max(last, written);
    }

    public void ApplyEverything()
    {
        logger.MissedEverything();
        Apply(Missed.Everything.Instance);
    }

    // What this silo fetched has its own number, which may be higher than that of what it missed: what another ledger gave, or came with a copy.
    private void Apply(Missed missed)
    {
        _ = missed switch
        {
            Missed.Uris uris => invalidations.Heed(uris.Keys, uris.IsSoft),
            Missed.Numbered numbered => invalidations.Heed(numbered.Scope, numbered.IsSoft, Math.Max(numbered.Number, epochs.Now + 1)),
            _ => (Task)invalidations.HeedEverything(),
        };
    }
}
