using System.Collections.Immutable;
using Granary.Grains.Members;
using Granary.Grains.Placement;
using Granary.Grains.Store;

namespace Granary.Grains.Copies;

/// <summary>
/// After a change of members: what others own now is given to them in the background, and dropped here when the owner has it and this silo is none of those that keep copies
/// of it: popular ones are kept by as many as rank next, all others by the owner alone.
/// </summary>
internal sealed class Rebalancing(IFellowship fellowship, CopyOffering offering, ResponseStore store, Func<CopyOptions> options, CopyMeter meter, ILogger<Rebalancing> logger)
{
    private const int AtATime = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>More views than these are not remembered, and what was given in them is offered again.</summary>
    private const int MostViews = 8;

    // The silos as they were when what is kept was last placed to the end, and as they were each time that was begun since.
    private ImmutableArray<ImmutableArray<Fellow>> _views = [[]];

    public async Task Walk(CancellationToken cancellationToken = default)
    {
        var (given, dropped, now) = (0, 0, fellowship.Active);
        var before = _views;
        _views = before.Length < MostViews ? before.Add(now) : [[], now];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(store.Walk(), limits, async (kept, stop) =>
        {
            var (isGiven, isDropped) = await Place(kept, before, stop);
            if (isGiven) Interlocked.Increment(ref given);
            if (isDropped) Interlocked.Increment(ref dropped);
        });
        _views = [now];
        if (given + dropped > 0) logger.Rebalanced(given, dropped);
    }

    private async ValueTask<(bool Given, bool Dropped)> Place(Kept kept, ImmutableArray<ImmutableArray<Fellow>> before, CancellationToken stop)
    {
        var ranked = fellowship.Ranked(kept.Key);
        var place = Array.FindIndex(ranked, fellowship.IsSelf);
        if (place < 0) return default; // about to leave: that is for the hand-over
        if (place == 0)
        {
            Reconsider(kept, ranked, before);
            return default;
        }

        var mayStay = MayStay(kept.Variant, place);
        if (mayStay && before.All(view => WasOwner(ranked[0], kept.Key, view))) return default; // it made this copy, or was offered it before
        var outcome = await offering.Offer(ranked[0], kept, Patience, stop);
        var isDropped = !mayStay && outcome is CopyOutcome.Taken or CopyOutcome.HasAsGood && store.Drop(kept.Key, kept.Variant);
        if (isDropped) meter.Dropped();
        return (outcome is CopyOutcome.Taken, isDropped);
    }

    private bool MayStay(StoredVariant variant, int place) =>
        place <= options().Copies && store.Popularity(variant) >= options().CopyAfterHits;

    private static bool WasOwner(Fellow owner, string uri, ImmutableArray<Fellow> view) => Ranked(uri, view) is [var first, ..] && first == owner;

    // Those who rank next are others now: the next hit offers it to them. Who did not rank so meanwhile may have dropped what it was given before.
    private void Reconsider(Kept kept, Fellow[] ranked, ImmutableArray<ImmutableArray<Fellow>> before)
    {
        if (kept.Variant.Content.GivenAway is not { } given) return;
        var copies = options().Copies;
        var lacks = ranked.Skip(1).Take(copies).Any(fellow => !given.To.Contains(fellow.Address) || !before.All(view => Ranked(kept.Key, view).Take(copies + 1).Contains(fellow)));
        if (lacks) kept.Variant.Content.GivenAway = null;
    }

    private static Fellow[] Ranked(string uri, ImmutableArray<Fellow> view) => Rendezvous.Rank(uri, view, static fellow => fellow.Name);
}
