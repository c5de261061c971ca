using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Hiding;

/// <summary>
/// Turns references to servers behind the proxy into those that the client can follow. A reference to anything else stays as it was written, to the byte. What a reference
/// has in its query is the application's and is not looked at.
/// </summary>
/// <param name="scheme">By which the client asked.</param>
/// <param name="authority">For which it asked; null if it named no host: then references lose theirs.</param>
internal sealed class OutwardNames(List<InnerName> inner, string scheme, string? authority, PathPrefixes paths)
{
    /// <summary>RFC 3986 §4.1, §4.2.</summary>
    /// <param name="onlyNames">Whether a reference without a host stays as it is.</param>
    public string Reference(string text, bool onlyNames = false)
    {
        var start = text.StartsWith("//", StringComparison.Ordinal) ? 2 : OfHttp(text);
        if (start > 0) return Named(text, start);
        return !onlyNames && text.StartsWith('/') ? OnPath(text) : text;
    }

    /// <summary>What stands for a host in Set-Cookie's Domain: null if nothing has to, empty if the attribute has to go, for then the cookie is the asked host's.</summary>
    public string? Domain(string domain)
    {
        var host = domain.TrimStart('.').TrimEnd('.').ToLowerInvariant();
        if (host.Length == 0 || IsWithin(HostOf(authority), host)) return null;
        foreach (var name in inner)
        {
            if (name.Name.Host == host) return name.Outer is { } outer ? (IsDnsName(outer.Host) ? outer.Host : "") : authority is not null && IsDnsName(HostOf(authority)) ? HostOf(authority) : "";
            if (IsWithin(name.Name.Host, host)) return "";
        }

        return null;
    }

    /// <summary>A path at the origin as the client knows it, longest prefix first.</summary>
    public string OnPath(string path)
    {
        string? best = null;
        var length = -1;
        foreach (var name in inner)
        {
            if (name.Outer is not null || name.Name.Path.Length <= length || paths.ToOuter(name.Name.Path, path) is not { } outer) continue;
            (best, length) = (outer, name.Name.Path.Length);
        }

        return best ?? path;
    }

    private string Named(string text, int start)
    {
        var end = text.AsSpan(start).IndexOfAny("/?#\\") is >= 0 and var found ? start + found : text.Length;
        var called = start == 2 ? scheme : text[..(start - 3)].ToLowerInvariant();
        var host = text.AsSpan(start, end - start);
        if (OriginName.HostAndPort(host[(host.LastIndexOf('@') + 1)..], OriginName.DefaultPort(called)) is not var (at, port)) return text;
        var rest = text[end..];
        return Find(called, at, port, rest) is { } name ? Rewritten(name, start == 2 ? null : called, port, rest) : text;
    }

    private InnerName? Find(string called, string host, int port, string path)
    {
        InnerName? best = null;
        foreach (var name in inner)
            if (name.Is(called, host, port) && IsBetter(name, best, path)) best = name;
        return best;
    }

    // One with a path counts where the reference is below it; the first of its length, since pairs come before destinations.
    private static bool IsBetter(InnerName name, InnerName? best, string path) =>
        PathPrefixes.Begins(path, name.Name.Path) ? best is null || !PathPrefixes.Begins(path, best.Name.Path) || name.Name.Path.Length > best.Name.Path.Length : best is null && name.Outer is null;

    private string Rewritten(InnerName name, string? called, int port, string rest)
    {
        var path = name.Outer is { } to ? to.Path + rest[name.Name.Path.Length..] : paths.ToOuter(name.Name.Path, rest) ?? rest;
        var outerAuthority = name.Outer?.Authority ?? authority;
        if (outerAuthority is null) return path is ['/', ..] ? path : "/" + path;
        if (called is null) return $"//{outerAuthority}{path}";
        // http that sends to https, or back: the port of the one says nothing of the other.
        if (called != name.Name.Scheme && port != name.Name.Port) return $"{called}://{HostOf(outerAuthority)}{path}";
        return $"{name.Outer?.Scheme ?? scheme}://{outerAuthority}{path}";
    }

    private static int OfHttp(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;

    private static string HostOf(string? authority) =>
        authority is null ? "" : authority.LastIndexOf(':') is > 0 and var colon && authority[^1] != ']' ? authority[..colon] : authority;

    // RFC 6265 §5.1.3
    private static bool IsWithin(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase) || (IsDnsName(host) && host.Length > domain.Length && host[^(domain.Length + 1)] == '.' && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    private static bool IsDnsName(string host) => Uri.CheckHostName(host) is UriHostNameType.Dns;
}
