using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Tunnels through the forward proxy: CONNECT (RFC 9110 §9.3.6) and SOCKS (RFC 1928).</summary>
public sealed record TunnelSettings
{
    /// <summary>Default 443: a tunnel to a mail server's port sends mail in the proxy's name.</summary>
    [Ports("Ports that clients may open tunnels to")]
    public ImmutableArray<PortRange> Ports { get; init; } = [new(443, 1)];

    /// <summary>1 s … 7 days. Default 1 hour.</summary>
    [Duration("How long nothing may come from either side before a tunnel is closed", "1s", "7d")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Default true.</summary>
    [Flag("Whether SOCKS 4, 4a and 5 are spoken where the forward proxy listens", NeedsRestart = true)]
    public bool Socks { get; init; } = true;

    /// <summary>Default false.</summary>
    [Flag("Whether SOCKS 5 relays datagrams (UDP ASSOCIATE), to Ports")]
    public bool Udp { get; init; }

    /// <summary>1 s … 1 h. Default 1 min.</summary>
    [Duration("How long no datagram may come from either side before a client's relay is closed", "1s", "1h")]
    public TimeSpan UdpIdleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>1 … 100,000. Default 1,000.</summary>
    [Count("Clients whose datagrams are relayed at a time", 1, 100_000)]
    public int UdpAssociations { get; init; } = 1000;

    /// <summary>1 … 10,000,000. Default 5,000.</summary>
    [Count("Datagrams a second that one client may send; more are dropped", 1, 10_000_000)]
    public int UdpRate { get; init; } = 5000;
}
