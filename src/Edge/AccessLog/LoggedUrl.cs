namespace Granary.Edge.AccessLog;

/// <summary>A URL as it may be written: without the credentials in it, without its query where that is not wanted, and of bounded length.</summary>
internal static class LoggedUrl
{
    public const int Longest = 4096;

    private const string Hidden = "***";

    public static string Of(AccessRecord record, bool withQuery)
    {
        var target = record.Target ?? "";
        return Of(target is ['/', ..] or "*" ? $"{record.Scheme}://{record.Host}{(target == "*" ? "" : target)}" : target, withQuery);
    }

    public static string Of(string url, bool withQuery)
    {
        var query = url.IndexOfAny(['?', '#']);
        if (!withQuery && query >= 0) url = url[..query];
        var begin = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var colon && (query < 0 || colon < query) ? colon + 3 : 0;
        var end = url.AsSpan(begin).IndexOfAny('/', '?', '#') is >= 0 and var slash ? begin + slash : url.Length;
        if (begin == 0 && url is ['/', ..]) return Bounded(url);
        var at = url.AsSpan(begin, end - begin).LastIndexOf('@');
        return Bounded(at < 0 ? url : $"{url[..begin]}{Hidden}{url[(begin + at)..]}");
    }

    public static string Bounded(string text) => text.Length <= Longest ? text : text[..Longest];
}
