using System.Collections.Immutable;

namespace Granary.Grains.Origin;

/// <summary>Where the origin of a request is reached, decided by the edge. Silos have no routes: a question carries what they must know of its own.</summary>
/// <param name="Destination">Scheme and authority, and a path prefix if configured, without a final slash: <c>http://127.0.0.1:9000</c>. Empty if there is none at present.</param>
/// <param name="RequestTarget">Path and query (RFC 9112 §3.2.1): as the client sent them, or as the route's transforms made them.</param>
/// <param name="IsConfigured">An operator named this destination; if not (forward mode) the destination policy decides at connect time.</param>
[GenerateSerializer, Immutable, Alias("granary.OriginRoute")]
public sealed record OriginRoute(
    [property: Id(0)] string Destination,
    [property: Id(1)] string RequestTarget,
    [property: Id(2)] bool IsConfigured)
{
    /// <summary>The Host field, where it is not the destination's own authority.</summary>
    [Id(3)] public string? Host { get; init; }

    /// <summary>Where else the request may go, in order of preference.</summary>
    [Id(4)] public ImmutableArray<OriginDestination> Others { get; init; } = [];

    /// <summary>The cluster that the destinations belong to; null for a lone origin.</summary>
    [Id(5)] public OriginGroup? Group { get; init; }

    /// <summary>What the route has otherwise than all; null: nothing.</summary>
    [Id(6)] public RouteRules? Rules { get; init; }

    /// <summary>The same to another destination of the group.</summary>
    public OriginRoute To(OriginDestination other) => this with { Destination = other.Address, Host = other.Host };
}

/// <summary>One of several places where an origin is reached.</summary>
/// <param name="Address">As <see cref="OriginRoute.Destination"/>.</param>
/// <param name="Host">As <see cref="OriginRoute.Host"/>.</param>
[GenerateSerializer, Immutable, Alias("granary.OriginDestination")]
public readonly record struct OriginDestination([property: Id(0)] string Address, [property: Id(1)] string? Host);
