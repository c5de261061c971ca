namespace Granary.Grains.Origin;

/// <summary>What is common to the destinations of a cluster.</summary>
/// <param name="Name">The cluster's, for metrics and logs.</param>
[GenerateSerializer, Immutable, Alias("granary.OriginGroup")]
public sealed record OriginGroup([property: Id(0)] string Name)
{
    [Id(1)] public ConnectionTraits Connections { get; init; } = ConnectionTraits.Default;

    /// <summary>Time without any progress, where it is not that of all.</summary>
    [Id(2)] public TimeSpan? Patience { get; init; }

    /// <summary>The version of HTTP in tenths: 11, 20, 30.</summary>
    [Id(3)] public int HttpVersion { get; init; } = 20;

    [Id(4)] public HttpVersionPolicy VersionPolicy { get; init; } = HttpVersionPolicy.RequestVersionOrLower;

    public Version Version => HttpVersion switch
    {
        10 => System.Net.HttpVersion.Version10,
        11 => System.Net.HttpVersion.Version11,
        30 => System.Net.HttpVersion.Version30,
        _ => System.Net.HttpVersion.Version20,
    };

    /// <summary>The limits of all, but for the patience.</summary>
    public FetchOptions Limit(FetchOptions all) => Patience is { } patience ? all with { HeadTimeout = patience, IdleTimeout = patience } : all;
}

/// <summary>How connections to a destination are made. Whoever has the same traits shares a pool.</summary>
[GenerateSerializer, Immutable, Alias("granary.ConnectionTraits")]
public sealed record ConnectionTraits
{
    public static readonly ConnectionTraits Default = new();

    /// <summary>A <see cref="System.Security.Authentication.SslProtocols"/>; 0 leaves it to the system.</summary>
    [Id(0)] public int TlsProtocols { get; init; }

    /// <summary>Dangerous, and only by the operator's explicit word.</summary>
    [Id(1)] public bool AcceptsAnyCertificate { get; init; }

    [Id(2)] public int? MaxConnections { get; init; }

    [Id(3)] public bool MultipleHttp2Connections { get; init; } = true;

    /// <summary>Of field values in requests; null: as they came, byte for byte.</summary>
    [Id(4)] public string? RequestEncoding { get; init; }

    [Id(5)] public string? ResponseEncoding { get; init; }

    /// <summary>A proxy on the way to the destinations.</summary>
    [Id(6)] public string? Proxy { get; init; }

    [Id(7)] public bool ProxyBypassesLocal { get; init; }

    [Id(8)] public bool ProxyUsesDefaultCredentials { get; init; }
}
