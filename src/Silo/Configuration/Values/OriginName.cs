using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Granary.Silo.Configuration.Values;

/// <summary>Scheme, host and port, and a path prefix without a final slash, by which something is reached.</summary>
/// <param name="Host">In lower case; an IPv6 address in its shortest form, in brackets.</param>
public sealed record OriginName(string Scheme, string Host, int Port, string Path)
{
    public bool HasDefaultPort => Port == DefaultPort(Scheme);

    public string Authority => HasDefaultPort ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    public static int DefaultPort(string scheme) => scheme == "https" ? 443 : 80;

    /// <summary>Null if it is not an absolute http or https URL without user, query and fragment.</summary>
    public static OriginName? Parse(string text)
    {
        var scheme = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http" : text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https" : null;
        if (scheme is null || text.AsSpan().IndexOfAny("?#@\\ ") >= 0) return null;
        var rest = text[(scheme.Length + 3)..];
        var end = rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? slash : rest.Length;
        return HostAndPort(rest.AsSpan(0, end), DefaultPort(scheme)) is var (host, port) ? new OriginName(scheme, host, port, rest[end..].TrimEnd('/')) : null;
    }

    /// <summary>An authority without a user, in the form that compares; null if it is none.</summary>
    public static (string Host, int Port)? HostAndPort(ReadOnlySpan<char> authority, int defaultPort)
    {
        var end = authority is ['[', ..] ? authority.IndexOf(']') + 1 : authority.IndexOf(':') is >= 0 and var colon ? colon : authority.Length;
        if (end == 0 || HostOf(authority[..end]) is not { } host) return null;
        var port = authority[end..];
        if (port.IsEmpty || port is ":") return (host, defaultPort);
        return port[0] == ':' && int.TryParse(port[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= IPEndPoint.MaxPort ? (host, number) : null;
    }

    public override string ToString() => $"{Scheme}://{Authority}{Path}";

    private static string? HostOf(ReadOnlySpan<char> host)
    {
        if (host is ['[', .., ']'])
            return IPAddress.TryParse(host[1..^1], out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : null;
        if (host.Length > 1 && host[^1] == '.') host = host[..^1]; // the root of names: the same host
        foreach (var c in host)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')) return null;
        return host.IsEmpty ? null : string.Create(host.Length, host, static (lower, text) => text.ToLowerInvariant(lower));
    }
}
