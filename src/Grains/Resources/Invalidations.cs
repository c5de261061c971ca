using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>Invalidates what this silo keeps of a URI (RFC 9111 §4.4).</summary>
internal sealed class Invalidations(ResponseStore store, FetchesUnderWay underWay, ILogger<Invalidations> logger)
{
    /// <summary>Afterwards nothing stored here before is reused, and no fetch that began before is stored (P2).</summary>
    /// <returns>How many stored responses were removed.</returns>
    public int Apply(string uri)
    {
        foreach (var fetch in underWay.Of(uri)) fetch.Outdate(); // before removing: of a fetch that stores meanwhile one of the two takes it out
        var removed = store.Remove(uri);
        logger.ResponsesInvalidated(uri, removed);
        return removed;
    }
}
