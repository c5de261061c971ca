namespace Granary.Grains.Origin;

/// <summary>What a fetch has learned of a destination, for the health that edges keep of it.</summary>
/// <param name="Address">As in the question.</param>
/// <param name="Fault">Null if it answered.</param>
/// <param name="Status">That of the answer, else 0.</param>
[GenerateSerializer, Immutable, Alias("granary.DestinationReport")]
public readonly record struct DestinationReport([property: Id(0)] string Address, [property: Id(1)] OriginFault? Fault, [property: Id(2)] int Status);
