using System.Collections.Immutable;

namespace Granary.Grains.Copies;

/// <summary>The groups of a stored response as they travel: the numbers of invalidations are common to all silos.</summary>
[GenerateSerializer, Immutable, Alias("granary.CopiedMembership")]
public sealed record CopiedMembership([property: Id(0)] ImmutableArray<ulong> Groups, [property: Id(1)] ImmutableArray<ulong> Tags, [property: Id(2)] long Since);
