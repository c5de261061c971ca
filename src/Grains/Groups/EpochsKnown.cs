using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <summary>What a silo remembers of invalidations, for one that joins. Wire shapes only grow: the first four are all that the first version knew.</summary>
/// <param name="Groups">Keys of groups.</param>
/// <param name="Numbers">The number of the last invalidation of each.</param>
/// <param name="Now">The number of the last invalidation.</param>
/// <param name="Floor">Responses with groups from before are not reused.</param>
[GenerateSerializer, Immutable, Alias("granary.EpochsKnown")]
public sealed record EpochsKnown(
    [property: Id(0)] ImmutableArray<ulong> Groups, [property: Id(1)] ImmutableArray<long> Numbers, [property: Id(2)] long Now, [property: Id(3)] long Floor)
{
    /// <summary>What is gone, without the groups.</summary>
    [Id(4)] public ScopesKnown? Hard { get; init; }

    /// <summary>What is stale.</summary>
    [Id(5)] public ScopesKnown? Soft { get; init; }
}
