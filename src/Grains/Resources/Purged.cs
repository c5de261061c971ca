using System.Collections.Immutable;

namespace Granary.Grains.Resources;

/// <summary>An invalidation that holds everywhere.</summary>
/// <param name="Hit">Stored responses, copies counted; zero where nothing was searched for.</param>
/// <param name="Fenced">Names of the silos that did not answer: they hear of it before they answer anything.</param>
[GenerateSerializer, Immutable, Alias("granary.Purged")]
public sealed record Purged([property: Id(0)] int Hit, [property: Id(1)] ImmutableArray<string> Fenced);
