using Granary.Semantics.Invalidation;
using Granary.Semantics.Messages;
using static Granary.Fuzz.Surfaces;

namespace Granary.Fuzz;

/// <summary>Targets, and fields that say something about other fields.</summary>
internal static class MessageSurfaces
{
    public static readonly IReadOnlyList<Surface> All =
    [
        new("target", ["/a/b?c=d", "http://EXAMPLE.org:80/%7Ea/%2e%2E?%7e", "*", "https://[::1]:443", "http://a:65536/", "/a%2", "//x", "http://u@h/"], Targets),
        new("authority", ["example.org", "[::1]:80", "a:0", "a:", "%41", "1.2.3.4:8080"], Authorities),
        new("query", ["a=1&b=2&utm_x=3", "?a&&b=%61", "a+b=c", ""], Queries),
        new("Connection", ["close", "keep-alive, X-A, Cache-Control, \"X-B\"", "x-a\nx-b"], Connections),
        new("Cache-Groups", ["\"a\", \"b\"", "\"a\";p=1", "a", "\"a\\\"b\""], Groups),
        new("Surrogate-Key", ["a b", "a,b,,c\td"], Tags),
        new("Location", ["/b", "http://example.org/c", "//evil/", "http://u:p@example.org/", "?q", "..", "%zz", "http://example.org:080/", "a\\b"], Locations),
    ];

    private static int Targets(string input)
    {
        if (TargetUri.Effective("http", "example.org", input) is not { } uri) return Kind(false);
        if (input == "*") return Kind(true); // RFC 9110 §7.1: the only target URI without a path
        Must.Be(TargetUri.Effective("http", "other", uri), uri, "its own normal form");
        Must.Hold(!uri.AsSpan().ContainsAnyExceptInRange('!', '~') && !uri.Contains('#') && !uri.Contains('@') | uri.IndexOf('@', StringComparison.Ordinal) > uri.IndexOf('/', 8), $"{uri} is no URI");
        return Kind(true, uri.StartsWith("https", StringComparison.Ordinal), uri.Contains('?'), uri.Contains('%'));
    }

    private static int Authorities(string input)
    {
        if (TargetUri.Effective("https", input, "/") is not { } uri) return Kind(false);
        Must.Be(TargetUri.Effective("http", "other", uri), uri, "its own normal form");
        return Kind(true, uri.Contains('['), uri.Count(c => c == ':'));
    }

    private static int Queries(string input)
    {
        var uri = $"http://example.org/a?{input}";
        var without = QueryParameters.Without(uri, ["a", "utm_*"]);
        Must.Be(QueryParameters.Without(without, ["a", "utm_*"]), without, "taken out twice");
        return Kind(without.Length == uri.Length, without.Contains('?'));
    }

    private static int Connections(string input)
    {
        var fields = Lines("Connection", input).Add("X-A", "1").Add("Cache-Control", "no-store").Add("Transfer-Encoding", "chunked").Add("Set-Cookie", "a=b");
        var forwarded = ConnectionFields.ForForwarding(fields);
        Must.Hold(!forwarded.Has("Connection") && !forwarded.Has("Transfer-Encoding"), "a connection field is left");
        Must.Hold(forwarded.Has("Cache-Control") && forwarded.Has("Set-Cookie"), "Connection took away what all must see");
        Must.Be(ConnectionFields.ForStoring(forwarded).Count, forwarded.Count, "done twice");
        return Kind(forwarded.Has("X-A"));
    }

    private static int Groups(string input)
    {
        var groups = CacheGroups.Of("http://example.org/a", Lines("Cache-Groups", input));
        Must.Hold(groups.All(static key => key.StartsWith("http://example.org\n", StringComparison.Ordinal)), "a group of another origin");
        Must.Hold(CacheGroups.Of("http://example.com/a", Lines("Cache-Groups", input)).Intersect(groups).Any() is false, "two origins share a group");
        return Kind(groups.Length);
    }

    private static int Tags(string input)
    {
        var lines = Lines("Surrogate-Key", input);
        var tags = CacheGroups.Tags(lines, ["surrogate-key"]);
        Must.Be(CacheGroups.WithoutTags(lines, ["surrogate-key"]).Count, 0, "tags are left");
        return Kind(Math.Min(tags.Length, 20));
    }

    private static int Locations(string input)
    {
        var request = new RequestHead("POST", "http://example.org/a", Semantics.Fields.FieldLines.Empty);
        var targets = Invalidation.Targets(request, new ResponseHead(200, Lines("Location", input)));
        foreach (var target in targets)
        {
            Must.Hold(target.StartsWith("http://example.org/", StringComparison.Ordinal), $"{target} is of another origin");
            Must.Be(TargetUri.Effective("http", "other", target), target, "a key in normal form");
        }

        return Kind(targets.Count);
    }
}
