namespace Granary.Grains.Copies;

/// <summary>The content that others are copies of, named where it was fetched: by it a silo knows bytes that it has already, whoever offers them.</summary>
/// <param name="Endpoint">The content port of the silo that fetched it, with the key that it made at its start: so no two contents are ever named alike.</param>
[GenerateSerializer, Immutable, Alias("granary.CopySource")]
public sealed record CopySource([property: Id(0)] long Id, [property: Id(1)] string Endpoint);
