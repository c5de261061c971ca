namespace Granary.Grains.Members;

/// <summary>A silo as edges know it.</summary>
/// <param name="Name">Its stable name: the silos rank for a URL by their names.</param>
/// <param name="Endpoint">Its content port with its key, as in <see cref="Resources.ContentAddress"/>.</param>
[GenerateSerializer, Immutable, Alias("granary.Member")]
public sealed record Member([property: Id(0)] string Name, [property: Id(1)] string Endpoint);
