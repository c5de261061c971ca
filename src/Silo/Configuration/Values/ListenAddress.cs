using System.Globalization;
using System.Net;

namespace Granary.Silo.Configuration.Values;

/// <summary>Where a listener listens, read from a URL such as <c>http://localhost:8080</c>, <c>http://*:80</c> or <c>https://[::1]:0</c>.</summary>
/// <param name="IsHttps">TLS comes first.</param>
/// <param name="Host">As it was written, for people.</param>
/// <param name="Address">One address; null for <c>localhost</c> (both loopback addresses) and for <c>*</c> or <c>+</c> (every address).</param>
/// <param name="Port">0 lets the system choose.</param>
public sealed record ListenAddress(bool IsHttps, string Host, IPAddress? Address, int Port)
{
    private const string Localhost = "localhost";

    public bool IsLocalhost => Host == Localhost;

    /// <summary>Only this machine can connect.</summary>
    public bool IsLoopback => IsLocalhost || (Address is not null && IPAddress.IsLoopback(Address));

    public bool IsEveryAddress => !IsLocalhost && (Address is null || Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any));

    /// <summary>Both cannot be had at once.</summary>
    public bool CollidesWith(ListenAddress other) =>
        Port != 0 && Port == other.Port
        && (IsEveryAddress || other.IsEveryAddress || Equals(Address, other.Address) || (IsLoopback && other.IsLoopback && (IsLocalhost || other.IsLocalhost)));

    public static ListenAddress? Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme].ToLowerInvariant() is not ("http" or "https") and not null) return null;
        var isHttps = text[..scheme].Equals("https", StringComparison.OrdinalIgnoreCase);
        var authority = text[(scheme + 3)..].TrimEnd('/');
        var colon = authority.LastIndexOf(':');
        if (colon < authority.LastIndexOf(']')) colon = -1;
        var host = (colon < 0 ? authority : authority[..colon]).ToLowerInvariant();
        return PortOf(colon < 0 ? null : authority[(colon + 1)..], isHttps) is { } port && TryReadHost(host, out var address)
            ? new ListenAddress(isHttps, host, address, port)
            : null;
    }

    public override string ToString() => $"{(IsHttps ? "https" : "http")}://{Host}:{Port}";

    private static int? PortOf(string? text, bool isHttps)
    {
        if (text is null) return isHttps ? 443 : 80;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort ? port : null;
    }

    // Other names would have to be resolved first, and Kestrel takes them for "every address": not what was meant.
    private static bool TryReadHost(string host, out IPAddress? address)
    {
        address = null;
        if (host is Localhost or "*" or "+") return true;
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        return (bracketed || host.Count(c => c == '.') == 3) && IPAddress.TryParse(bracketed ? host[1..^1] : host, out address);
    }
}
