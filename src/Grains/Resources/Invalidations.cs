using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Resources.Posts;
using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>Invalidates what is stored of URIs (RFC 9111 §4.4), and what numbers are compared for: groups, hosts, prefixes, all.</summary>
internal sealed class Invalidations(
    ResponseStore store, FetchesUnderWay underWay, CopiesComingIn comingIn, ExpectedPosts posts, GroupEpochs epochs, Sweeping sweeping, Telling telling, TimeProvider clock,
    ILogger<Invalidations> logger)
{
    /// <summary>Afterwards no silo reuses what was stored before, and no fetch that began before is stored (P2).</summary>
    /// <returns>How many stored responses were removed, copies counted.</returns>
    /// <exception cref="TimeoutException">A silo did not acknowledge, and is still a member.</exception>
    public async Task<int> Tell(string uri)
    {
        var removed = Apply(uri); // here first: from now on nothing is given away that others would have to forget again
        var elsewhere = await telling.All(silo => silo.Invalidate(uri));
        return removed + elsewhere.Sum();
    }

    /// <summary>The same for several URIs at once.</summary>
    /// <param name="isSoft">They are stale afterwards, and not gone.</param>
    public async Task<int> Tell(ImmutableArray<string> uris, bool isSoft)
    {
        var hit = Apply(uris, isSoft);
        var elsewhere = await telling.All(silo => silo.InvalidateUris(uris, isSoft));
        return hit + elsewhere.Sum();
    }

    /// <summary>What <see cref="Tell(ImmutableArray{string}, bool)"/> does in this silo.</summary>
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
        foreach (var fetch in underWay.Of(uri)) fetch.Outdate();
        posts.Outdate(uri);
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
