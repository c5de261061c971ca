using System.Net;

namespace Granary.Silo.Configuration.Values;

/// <summary>Where connections are handed on to: <c>sftp-1.internal:22</c>, <c>10.0.0.1:50000-50099</c>, <c>[fd00::1]:5432</c>.</summary>
public sealed record TcpDestination(string Host, PortRange Ports)
{
    public static TcpDestination? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || PortRange.Parse(text[(colon + 1)..]) is not { First: > 0 } ports) return null;
        return HostOf(text[..colon]) is { } host ? new TcpDestination(host, ports) : null;
    }

    public override string ToString() => $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Ports}";

    // IPAddress.Parse reads "10" and "0x0a000001" as addresses; a resolver would too.
    private static string? HostOf(string text)
    {
        if (text.StartsWith('[') && text.EndsWith(']') && IPAddress.TryParse(text[1..^1], out var v6)) return v6.ToString();
        if (text.Contains(':', StringComparison.Ordinal)) return null;
        if (text.Split('.')[^1].All(char.IsAsciiDigit)) return text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out var v4) ? v4.ToString() : null;
        return Uri.CheckHostName(text) is UriHostNameType.Dns ? text.ToLowerInvariant() : null;
    }
}
