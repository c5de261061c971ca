using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <summary>What an invalidation is about when it is not about single URIs. It gets a number, and numbers are compared at reuse: nothing is searched for.</summary>
[GenerateSerializer, Immutable, Alias("granary.Scope")]
public abstract record Scope
{
    private Scope()
    {
    }

    /// <param name="Keys">Keys of <see cref="Semantics.Invalidation.CacheGroups"/>.</param>
    [GenerateSerializer, Immutable, Alias("granary.Scope.Groups")]
    public sealed record Groups([property: Id(0)] ImmutableArray<string> Keys) : Scope;

    /// <param name="Uri">In normal form; all target URIs that begin with these characters.</param>
    [GenerateSerializer, Immutable, Alias("granary.Scope.Prefix")]
    public sealed record Prefix([property: Id(0)] string Uri) : Scope;

    /// <param name="Name">In lower case and without a port: every scheme and port of it.</param>
    [GenerateSerializer, Immutable, Alias("granary.Scope.Host")]
    public sealed record Host([property: Id(0)] string Name) : Scope;

    /// <summary>Everything.</summary>
    [GenerateSerializer, Immutable, Alias("granary.Scope.All")]
    public sealed record All : Scope;
}
