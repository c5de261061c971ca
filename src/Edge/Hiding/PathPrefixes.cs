using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Configuration;

namespace Granary.Edge.Hiding;

/// <summary>
/// Which prefix of a path outside stands for which one at the origin, as far as a route's transforms of paths can be turned round: <c>PathRemovePrefix</c>, <c>PathPrefix</c>, and
/// <c>PathPattern</c> where both patterns end in the same catch-all.
/// </summary>
internal sealed record PathPrefixes(string Outer, string Inner)
{
    public static readonly PathPrefixes None = new("", "");

    private static readonly ConditionalWeakTable<RouteConfig, PathPrefixes> Known = [];

    public static PathPrefixes Of(RouteConfig route) => Known.GetValue(route, static read => Read(read));

    /// <summary>A path at the origin as clients know it; null if it lies outside of what the route leads to.</summary>
    /// <param name="at">Where the destination's own paths begin.</param>
    public string? ToOuter(string at, string path)
    {
        var inner = at + Inner;
        if (inner.Length == 0 && Outer.Length > 0 && Begins(path, Outer)) return path; // it knows by which prefix it is reached
        if (!Begins(path, inner)) return null;
        var rest = path[inner.Length..];
        return rest is "/" && Outer.Length > 0 ? Outer : Outer + rest;
    }

    public static bool Begins(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] is '/' or '?' or '#' || prefix.Length == 0);

    private static PathPrefixes Read(RouteConfig route)
    {
        var read = None;
        foreach (var transform in route.Transforms ?? [])
        {
            if (transform.ContainsKey("PathSet")) return None;
            if (transform.TryGetValue("PathRemovePrefix", out var removed) && read.Without(Plain(removed)) is { } shorter) read = shorter;
            else if (removed is not null) return None;
            if (transform.TryGetValue("PathPrefix", out var added)) read = read with { Inner = Plain(added) + read.Inner };
            if (transform.TryGetValue("PathPattern", out var pattern) && OfPatterns(route.Match.Path, pattern) is { } patterns) read = patterns;
            else if (pattern is not null) return None;
        }

        return read;
    }

    private PathPrefixes? Without(string prefix) =>
        Inner.Length == 0 ? this with { Outer = Outer + prefix } : Begins(Inner, prefix) ? this with { Inner = Inner[prefix.Length..] } : null;

    private static PathPrefixes? OfPatterns(string? outer, string inner) =>
        Split(outer) is var (front, rest) && Split(inner) is var (behind, other) && rest.Equals(other, StringComparison.OrdinalIgnoreCase) ? new PathPrefixes(front, behind) : null;

    // What stands before a catch-all, if that is the only parameter, and its name.
    private static (string Literal, string Name)? Split(string? pattern)
    {
        var open = pattern?.IndexOf('{', StringComparison.Ordinal) ?? -1;
        if (open < 1 || pattern![open - 1] != '/' || !pattern.EndsWith('}') || !pattern.AsSpan(open).StartsWith("{*") || pattern.IndexOf('{', open + 1) >= 0) return null;
        return (Plain(pattern[..open]), pattern[open..].Trim('{', '}', '*'));
    }

    private static string Plain(string prefix) => prefix.Trim('/') is { Length: > 0 } plain ? $"/{plain}" : "";
}
