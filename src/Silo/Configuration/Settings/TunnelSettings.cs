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
}
