namespace Granary.Grains.Origin;

/// <summary>Where the origin of a request is reached, decided by the edge.</summary>
/// <param name="Destination">Scheme and authority, and a path prefix if configured, without a final slash: <c>http://127.0.0.1:9000</c>.</param>
/// <param name="RequestTarget">Path and query exactly as the client sent them (RFC 9112 §3.2.1).</param>
/// <param name="IsConfigured">An operator named this destination; if not (forward mode) the destination policy decides at connect time.</param>
[GenerateSerializer, Immutable, Alias("granary.OriginRoute")]
public sealed record OriginRoute(
    [property: Id(0)] string Destination,
    [property: Id(1)] string RequestTarget,
    [property: Id(2)] bool IsConfigured);
