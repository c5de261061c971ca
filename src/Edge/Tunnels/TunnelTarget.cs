using System.Globalization;
using System.Net;

namespace Granary.Edge.Tunnels;

/// <summary>What a tunnel shall lead to.</summary>
/// <param name="Host">A name or an address; IPv6 without brackets.</param>
public sealed record TunnelTarget(string Host, int Port)
{
    /// <summary>Authority-form: RFC 9112 §3.2.3, RFC 3986 §3.2.2. The port has to be there.</summary>
    /// <returns>Null if it is anything else.</returns>
    public static TunnelTarget? Parse(string authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        var colon = authority.LastIndexOf(':');
        if (colon <= 0 || PortOf(authority.AsSpan(colon + 1)) is not { } port) return null;
        var host = authority[..colon];
        if (!host.StartsWith('[')) return Of(host, port);
        return host.EndsWith(']') && host.Contains(':', StringComparison.Ordinal) && !host.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(host, out var address) ? new TunnelTarget(address.ToString(), port) : null;
    }

    /// <summary>A name or an IPv4 address, and a port.</summary>
    public static TunnelTarget? Of(string host, int port) =>
        port is > 0 and <= IPEndPoint.MaxPort && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 && host.Length <= 255 ? new TunnelTarget(host, port) : null;

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static int? PortOf(ReadOnlySpan<char> text) =>
        text.Length <= 5 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort ? port : null;
}
