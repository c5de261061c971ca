using System.Collections.Immutable;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>A listener that hands connections on as they are.</summary>
public sealed record TcpSettings
{
    /// <summary>Has to be given.</summary>
    [TcpListen("Where clients connect; of a range the n-th port goes to the n-th port of a destination", IsRequired = true, NeedsRestart = true)]
    public TcpListen? Listen { get; init; }

    /// <summary>Default what <see cref="Listen"/> says.</summary>
    [Name("What the listener is called in logs and metrics", NeedsRestart = true, DefaultText = "what Listen says")]
    public string? Name { get; init; }

    /// <summary>Either this or <see cref="Sni"/>.</summary>
    [Destinations("Where connections are handed on to; either this or Sni")]
    public ImmutableArray<TcpDestination> To { get; init; } = [];

    /// <summary>Either this or <see cref="To"/>.</summary>
    public ImmutableArray<TcpSniSettings> Sni { get; init; } = [];

    /// <summary>Default RoundRobin.</summary>
    [OneOf("Which destination is first: in turns, the one with the fewest connections, always the same for a client's address, or the first that is up", typeof(TcpBalance))]
    public TcpBalance Balance { get; init; }

    /// <summary>Default None.</summary>
    [OneOf("Whether connections begin with a PROXY header, v1 or v2, that tells the client's address", typeof(ProxyProtocolIn), NeedsRestart = true)]
    public ProxyProtocolIn ProxyProtocolIn { get; init; }

    /// <summary>Default none: with <see cref="ProxyProtocolIn"/> it has to be given.</summary>
    [Networks("Who may send a PROXY header; connections of others are closed", NeedsRestart = true, DefaultText = "none")]
    public CidrSet TrustedFrom { get; init; } = CidrSet.Empty;

    /// <summary>Default None.</summary>
    [OneOf("The PROXY header that destinations are sent", typeof(ProxyProtocolOut), NeedsRestart = true)]
    public ProxyProtocolOut ProxyProtocolOut { get; init; }

    /// <summary>100 ms … 1 h. Default 10 s.</summary>
    [Duration("Time for the PROXY header and for the ClientHello", "100ms", "1h", NeedsRestart = true)]
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>10 ms … 5 min. Default 5 s.</summary>
    [Duration("Time to resolve and connect, for each destination", "10ms", "5m", NeedsRestart = true)]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>1 s … 7 d. Default 1 h.</summary>
    [Duration("Time without a byte in either direction after which a connection is closed", "1s", "7d", NeedsRestart = true)]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>1 … 1,000,000. Default 10,000. Never more than <see cref="ClientSettings.MaxConnections"/>, which holds for each listener.</summary>
    [Count("Connections at once; more are closed", 1, 1_000_000, NeedsRestart = true)]
    public int MostConnections { get; init; } = 10_000;

    /// <summary>0 … 1,000; 0 is never. Default 3. Not counted with a range of ports.</summary>
    [Count("Failures in a row, to connect or in a health check, that take a destination out; 0 for never", 0, 1_000, NeedsRestart = true)]
    public int FailuresInARow { get; init; } = 3;

    /// <summary>100 ms … 1 d. Default 10 s.</summary>
    [Duration("How long it is out before a connection may try it", "100ms", "1d", NeedsRestart = true)]
    public TimeSpan OutFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>0 … 1 d; 0 is none. Default 0.</summary>
    [Duration("How often each destination is connected to, to see whether it is up; 0 for never", "0", "1d", NeedsRestart = true)]
    public TimeSpan HealthInterval { get; init; }

    /// <summary>For people and labels.</summary>
    public string Title => Name ?? $"{Listen}";
}
