using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Limits towards clients.</summary>
public sealed record ClientSettings
{
    /// <summary>1 … 1,000,000. Default 10,000.</summary>
    [Count("Client connections at once", 1, 1_000_000, NeedsRestart = true)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Bytes; 1 KiB … 1 MiB. Default 64 KiB.</summary>
    [Size("Largest head of a request", "1KiB", "1MiB", NeedsRestart = true)]
    public long MaxRequestHeadSize { get; init; } = 64 << 10;

    /// <summary>Bytes; 0 … 1024 TiB; 0 is no limit. Default 0. YARP's <c>MaxRequestBodySize</c> of a route goes before it.</summary>
    [Size("Largest content of a request, on routes that say nothing else (MaxRequestBodySize); 0B is no limit", "0B", "1024TiB")]
    public long MaxRequestContentSize { get; init; }

    /// <summary>100 ms … 1 h. Default 30 s.</summary>
    [Duration("Time for the head of a request", "100ms", "1h", NeedsRestart = true)]
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A kept-alive connection without a request; 100 ms … 1 d. Default 2 min.</summary>
    [Duration("Time a connection is kept without a request", "100ms", "1d", NeedsRestart = true)]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes per second, either way, after <see cref="MinRateGrace"/>; 0 is no limit. Default 240.</summary>
    [Count("Slowest request content or reading of an answer in bytes per second; 0 is no limit", 0, int.MaxValue, NeedsRestart = true)]
    public int MinRate { get; init; } = 240;

    /// <summary>2 s … 1 h, since Kestrel looks once a second. Default 5 s.</summary>
    [Duration("Time before MinRate counts", "2s", "1h", NeedsRestart = true)]
    public TimeSpan MinRateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default None.</summary>
    [OneOf("Whether connections to Granary:Listen begin with a PROXY header, v1 or v2, that tells the client's address", typeof(ProxyProtocolIn), NeedsRestart = true)]
    public ProxyProtocolIn ProxyProtocol { get; init; }

    /// <summary>Default none: with <see cref="ProxyProtocol"/> it has to be given.</summary>
    [Networks("Who may send a PROXY header; connections of others are closed", NeedsRestart = true, DefaultText = "none")]
    public CidrSet TrustedFrom { get; init; } = CidrSet.Empty;

    /// <summary>Default EventLoops.</summary>
    [OneOf("How requests without TLS are read: EventLoops, on Linux, answers hits in the thread that has read them; Standard hands each to another thread", typeof(ClientSockets), NeedsRestart = true)]
    public ClientSockets Sockets { get; init; } = ClientSockets.EventLoops;
}
