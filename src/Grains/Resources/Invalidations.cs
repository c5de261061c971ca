using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Fences;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources.Posts;
using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>Invalidates what is stored of URIs (RFC 9111 §4.4), and what numbers are compared for: groups, hosts, prefixes, all.</summary>
internal sealed class Invalidations(
    ResponseStore store, FetchesUnderWay underWay, CopiesComingIn comingIn, ExpectedPosts posts, GroupEpochs epochs, Sweeping sweeping, Telling telling, Recalls recalls, Departures departures,
    TimeProvider clock, ILogger<Invalidations> logger)
{
    /// <summary>Afterwards no silo and no edge reuses what was stored before, and no fetch that began before is stored (P2).</summary>
    /// <returns>How many stored responses were removed, copies counted.</returns>
    /// <exception cref="TimeoutException">A silo did not acknowledge, and is still a member.</exception>
    public async Task<int> Tell(string uri)
    {
        var removed = Heed(uri); // here first: from now on nothing is given away that others would have to forget again
        var elsewhere = await telling.All(silo => silo.Invalidate(uri), new Missed.Uris([uri], IsSoft: false), recalls.Longest);
        await departures.Pass();
        return await removed + elsewhere.Said.Sum();
    }

    /// <summary>The same for several URIs at once.</summary>
    /// <param name="isSoft">They are stale afterwards, and not gone.</param>
    public async Task<int> Tell(ImmutableArray<string> uris, bool isSoft) => (await Purge(uris, isSoft)).Hit;

    /// <summary>The same, for whoever wants to know more of it.</summary>
    public async Task<Purged> Purge(ImmutableArray<string> uris, bool isSoft)
    {
        var hit = Heed(uris, isSoft);
        var elsewhere = await telling.All(silo => silo.InvalidateUris(uris, isSoft), new Missed.Uris(uris, isSoft), recalls.Longest);
        await departures.Pass();
        return new Purged(await hit + elsewhere.Said.Sum(), [.. elsewhere.Fenced]);
    }

    /// <summary>The same for what the ledger has numbered.</summary>
    /// <returns>The highest number that any silo knew until then, and who was fenced.</returns>
    public async Task<(long Before, IReadOnlyCollection<string> Fenced)> Tell(Scope scope, bool isSoft, long number)
    {
        var heeded = Heed(scope, isSoft, number);
        var elsewhere = await telling.All(silo => silo.InvalidateScope(scope, isSoft, number), new Missed.Numbered(scope, isSoft, number), recalls.Longest);
        await departures.Pass();
        return (elsewhere.Said.Append(await heeded).Max(), elsewhere.Fenced);
    }

    /// <summary>What <see cref="Tell(string)"/> does in this silo: applied before this returns, and done when no edge reuses what this silo granted.</summary>
    public async Task<int> Heed(string uri)
    {
        var removed = Apply(uri);
        var named = Named([uri]);
        removed += Apply(named, isSoft: false);
        await recalls.Recall(named.Insert(0, uri));
        return removed;
    }

    /// <summary>The same for several.</summary>
    public async Task<int> Heed(ImmutableArray<string> uris, bool isSoft)
    {
        var hit = Apply(uris, isSoft);
        var named = Named(uris);
        hit += Apply(named, isSoft);
        await recalls.Recall(uris.AddRange(named));
        return hit;
    }

    // After the URIs themselves: they are remembered by then, so what comes in under a name that is learned later is refused.
    private ImmutableArray<string> Named(ImmutableArray<string> uris)
    {
        var all = underWay.Names.With(store.Names.With(uris));
        return all == uris ? [] : [.. all.Except(uris, StringComparer.Ordinal)];
    }

    /// <summary>The same for what has a number.</summary>
    /// <returns>The number of the last one until then.</returns>
    public async Task<long> Heed(Scope scope, bool isSoft, long number)
    {
        var last = Apply(scope, isSoft, number);
        await recalls.Recall(scope, isSoft, number);
        return last;
    }

    /// <summary>Nobody can tell what this silo was to hear. Copies first: they may have numbers that it has not heard of.</summary>
    public Task HeedEverything()
    {
        comingIn.OutdateAll();
        return Heed(new Scope.All(), isSoft: false, epochs.Now + 1);
    }

    /// <summary>What <see cref="Tell(ImmutableArray{string}, bool)"/> does with what is stored here.</summary>
    public int Apply(ImmutableArray<string> uris, bool isSoft)
    {
        var hit = 0;
        foreach (var uri in uris) hit += isSoft ? Outdate(uri) : Apply(uri);
        return hit;
    }

    /// <summary>Afterwards nothing stored here before is reused, and no fetch that began before is stored (P2).</summary>
    /// <returns>How many stored responses were removed.</returns>
    public int Apply(string uri)
    {
        OutdateWhatComes(uri);
        var removed = store.Remove(uri);
        OutdateFetches(uri); // one that began between the two was begun for what has just gone, and would answer with it should the origin fail
        logger.ResponsesInvalidated(uri, removed);
        return removed;
    }

    /// <summary>What is numbered by the ledger, in this silo. Memory is given back in the background.</summary>
    /// <returns>The number of the last one until then.</returns>
    public long Apply(Scope scope, bool isSoft, long number)
    {
        var last = epochs.Invalidate(scope, isSoft, number);
        if (!isSoft && scope is not Scope.Groups) sweeping.Begin();
        return last;
    }

    private int Outdate(string uri)
    {
        OutdateWhatComes(uri);
        var (outdated, now) = (0, clock.GetTimestamp());
        foreach (var variant in store.Peek(uri).ToArray())
            if (Outdate(uri, variant, now)) outdated++;
        logger.ResponsesOutdated(uri, outdated);
        return outdated;
    }

    // Before what is stored: of a fetch or a copy that is stored meanwhile one of the two takes it out.
    private void OutdateWhatComes(string uri)
    {
        comingIn.Outdate(uri);
        OutdateFetches(uri);
        posts.Outdate(uri); // once: a second time would be another invalidation than that of the POST itself
    }

    private void OutdateFetches(string uri)
    {
        foreach (var fetch in underWay.Of(uri)) fetch.Outdate();
    }

    // What was just freshened is another: that one then. Should there be no room for what takes its place, it goes.
    private bool Outdate(string uri, StoredVariant variant, long now)
    {
        for (var latest = variant; latest is not null; latest = store.Peek(uri).FirstOrDefault(one => one.Content == variant.Content))
        {
            if (store.Replace(uri, latest, latest.Outdated(now, clock))) return true;
            if (store.Peek(uri).Contains(latest, ReferenceEqualityComparer.Instance)) return store.Remove(uri, latest);
        }

        return false;
    }
}
