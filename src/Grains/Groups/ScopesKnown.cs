using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <summary>What one index of invalidations remembers. Wire shapes only grow.</summary>
/// <param name="All">Responses from before this number are hit, whatever they are.</param>
/// <param name="Floor">Responses with groups from before this number are hit.</param>
[GenerateSerializer, Immutable, Alias("granary.ScopesKnown")]
public sealed record ScopesKnown(
    [property: Id(0)] ImmutableArray<ulong> Groups, [property: Id(1)] ImmutableArray<long> GroupNumbers,
    [property: Id(2)] ImmutableArray<string> Hosts, [property: Id(3)] ImmutableArray<long> HostNumbers,
    [property: Id(4)] ImmutableArray<string> Prefixes, [property: Id(5)] ImmutableArray<long> PrefixNumbers,
    [property: Id(6)] long All, [property: Id(7)] long Floor);
