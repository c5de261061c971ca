using System.Collections.Immutable;
using Granary.Grains.Groups;

namespace Granary.Grains.Leases;

/// <summary>What an edge that holds copies has to forget. Once it is heard nothing of it is reused there.</summary>
[GenerateSerializer, Immutable, Alias("granary.Recall")]
public abstract record Recall
{
    private Recall()
    {
    }

    /// <summary>All that is held of these URIs.</summary>
    [GenerateSerializer, Immutable, Alias("granary.Recall.Uris")]
    public sealed record Uris([property: Id(0)] ImmutableArray<string> Keys) : Recall;

    /// <summary>What belongs to the scope and whose fetch began before that number was given.</summary>
    [GenerateSerializer, Immutable, Alias("granary.Recall.Numbered")]
    public sealed record Numbered([property: Id(0)] Scope Scope, [property: Id(1)] bool IsSoft, [property: Id(2)] long Number) : Recall;
}
