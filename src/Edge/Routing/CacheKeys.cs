using Yarp.ReverseProxy.Configuration;

namespace Granary.Edge.Routing;

/// <summary>
/// Under which keys something may be stored for a target URI: the URI itself, and one for each route that is chosen by more than the URI. A fragment is never part of
/// a request target, so no client can write such a key.
/// </summary>
internal sealed class CacheKeys(RouteTable? routes = null)
{
    public static string Of(string uri, string route) => $"{uri}#{route}";

    /// <summary>All keys under which the present routes may have stored something for the URI; a few too many do no harm.</summary>
    public IEnumerable<string> Of(string uri)
    {
        yield return uri;
        if (routes is null) yield break;
        foreach (var (route, caching) in routes.Named())
            if (MayTake(route.Match, uri)) yield return Of(caching.Query.Apply(uri), caching.NameInKey!);
    }

    private static bool MayTake(RouteMatch match, string uri)
    {
        var rest = uri.AsSpan(uri.IndexOf("://", StringComparison.Ordinal) + 3);
        var path = rest.IndexOf('/');
        return IsAmong(match.Hosts, rest[..path]) && BeginsLike(match.Path, rest[path..]);
    }

    private static bool IsAmong(IReadOnlyList<string>? hosts, ReadOnlySpan<char> authority)
    {
        if (hosts is not { Count: > 0 }) return true;
        foreach (var host in hosts)
        {
            var name = host.AsSpan(0, host.IndexOf(':', StringComparison.Ordinal) is >= 0 and var port ? port : host.Length);
            if (name.StartsWith('*') || !System.Text.Ascii.IsValid(name) || authority.StartsWith(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    // Only what is written out at the beginning of a pattern, and only where the path is written plainly: an encoded letter would have to be decoded as routing does it.
    private static bool BeginsLike(string? pattern, ReadOnlySpan<char> path)
    {
        if (pattern is null || path.Contains('%') || path.Contains("/.", StringComparison.Ordinal)) return true;
        var literal = pattern.AsSpan(0, pattern.IndexOf('{', StringComparison.Ordinal) is >= 0 and var parameter ? parameter : pattern.Length).Trim('/');
        return path.TrimStart('/').StartsWith(literal, StringComparison.OrdinalIgnoreCase);
    }
}
