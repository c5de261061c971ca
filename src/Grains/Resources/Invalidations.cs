using Granary.Grains.Copies;
using Granary.Grains.Members;
using Granary.Grains.Resources.Posts;
using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>Invalidates what is stored of a URI (RFC 9111 §4.4).</summary>
internal sealed class Invalidations(
    ResponseStore store, FetchesUnderWay underWay, CopiesComingIn comingIn, ExpectedPosts posts, Telling telling, ILogger<Invalidations> logger)
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

    /// <summary>Afterwards nothing stored here before is reused, and no fetch that began before is stored (P2).</summary>
    /// <returns>How many stored responses were removed.</returns>
    public int Apply(string uri)
    {
        comingIn.Outdate(uri);
        foreach (var fetch in underWay.Of(uri)) fetch.Outdate(); // before removing: of a fetch that stores meanwhile one of the two takes it out
        posts.Outdate(uri);
        var removed = store.Remove(uri);
        logger.ResponsesInvalidated(uri, removed);
        return removed;
    }
}
