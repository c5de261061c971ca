namespace Granary.Grains.Store;

/// <summary>What the store holds at one moment and has done since its start.</summary>
/// <param name="Bytes">What counts against the budget: slabs allocated and metadata.</param>
/// <param name="ContentBytes">Blocks handed out to contents: stored, under way, or evicted and still read.</param>
/// <param name="MetadataBytes">Estimate for keys, heads and the store's own objects.</param>
/// <param name="Objects">Stored responses.</param>
/// <param name="Contents">Contents alive, stored or not.</param>
/// <param name="Evictions">Stored responses that had to go for others.</param>
/// <param name="Refused">Responses that were not taken.</param>
/// <param name="Damaged">Contents whose bytes had changed, and which were let go.</param>
public sealed record StoreStatistics(
    long Bytes, long ContentBytes, long MetadataBytes, long Objects, long Contents, long Evictions, long Refused, long Damaged);
