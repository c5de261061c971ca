namespace Granary.Grains.Leases;

/// <summary>How often an edge has reused what it holds of a URI since it last said so.</summary>
[GenerateSerializer, Immutable, Alias("granary.LeaseUse")]
public readonly record struct LeaseUse([property: Id(0)] string Uri, [property: Id(1)] int Hits);
