using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Semantics.Messages;

/// <summary>
/// The effective target URI (RFC 9110 §7.1) in the form that is the cache key. Only what RFC 3986 §6.2.2 and §6.2.3 call equivalent falls
/// together: case of scheme and host, default port, empty path, case of percent-encodings, encoded unreserved characters. Dot
/// segments stay, and an encoded dot stays encoded, because an origin may tell those apart. Who fetches for the cache asks for this URI, not for the
/// target as presented: then a stored response always answers its own key.
/// </summary>
public static class TargetUri
{
    /// <param name="scheme">http or https, in any case.</param>
    /// <param name="authority">Host and optional port, as in Host or :authority; not looked at when the target is in absolute-form (RFC 9112 §3.2.2).</param>
    /// <param name="rawTarget">The request target as received: origin-form, absolute-form or <c>*</c>.</param>
    /// <returns>Null if a part is not valid: user information, controls, spaces, a fragment, non-ASCII, a bad host or port.</returns>
    public static string? Effective(string scheme, string authority, string rawTarget)
    {
        if (rawTarget.Length == 0 || IsBad(rawTarget)) return null;
        if (rawTarget == "*") return Root(scheme, authority)?.ToString();
        if (rawTarget[0] == '/') return Join(Root(scheme, authority), rawTarget);
        var colon = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0) return null;
        var rest = rawTarget.AsSpan(colon + 3);
        var end = rest.IndexOfAny('/', '?') is >= 0 and var i ? i : rest.Length;
        return Join(Root(rawTarget.AsSpan(0, colon), rest[..end]), rest[end..]);
    }

    private static string? Join(StringBuilder? uri, ReadOnlySpan<char> pathAndQuery)
    {
        if (uri is null) return null;
        if (pathAndQuery is not ['/', ..]) uri.Append('/');
        var query = pathAndQuery.IndexOf('?');
        PercentEncoding.Append(uri, query < 0 ? pathAndQuery : pathAndQuery[..query], decodes: true);
        if (query >= 0) PercentEncoding.Append(uri, pathAndQuery[query..], decodes: false);
        return uri.ToString();
    }

    private static StringBuilder? Root(ReadOnlySpan<char> scheme, ReadOnlySpan<char> authority)
    {
        var secure = scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
        if (!secure && !scheme.Equals("http", StringComparison.OrdinalIgnoreCase)) return null;
        var hostEnd = authority is ['[', ..] ? authority.IndexOf(']') + 1 : authority.IndexOf(':') is >= 0 and var c ? c : authority.Length;
        var host = authority[..hostEnd];
        if (!IsHost(host) || !TryPort(authority[hostEnd..], secure ? 443 : 80, out var port)) return null;
        var uri = new StringBuilder(secure ? "https://" : "http://", 128);
        foreach (var character in host) uri.Append(char.ToLowerInvariant(character));
        return port == (secure ? 443 : 80) ? uri : uri.Append(':').Append(port.ToString(CultureInfo.InvariantCulture));
    }

    private static bool TryPort(ReadOnlySpan<char> text, int standard, out int port)
    {
        port = standard;
        if (text.IsEmpty || text is ":") return true;
        return text[0] == ':' && text.Length <= 6
            && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
    }

    // Narrower than reg-name (RFC 3986 §3.2.2): percent-encodings and sub-delims occur in attacks, not in host names.
    private static bool IsHost(ReadOnlySpan<char> host)
    {
        if (host.Length is 0 or > 255) return false;
        if (host[0] == '[')
            return !host.Contains('%') && IPAddress.TryParse(host[1..^1], out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6;
        foreach (var c in host)
            if (!PercentEncoding.IsUnreserved(c)) return false;
        return true;
    }

    private static bool IsBad(ReadOnlySpan<char> target) => target.ContainsAnyExceptInRange('!', '~') || target.Contains('#');
}
