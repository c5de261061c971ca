using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Granary.Edge.Errors;

/// <summary>Which form of an error a client would rather read. RFC 9110 §12.5.1.</summary>
internal static class ErrorFormat
{
    /// <summary>
    /// JSON if the client names a JSON type and likes none of plain or HTML text better. <c>*/*</c> names nothing: people with curl read text.
    /// </summary>
    public static bool PrefersJson(StringValues accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var ranges)) return false;
        var (json, text) = (0.0, 0.0);
        foreach (var range in ranges)
        {
            if (IsJson(range)) json = Math.Max(json, range.Quality ?? 1);
            else if (range.Type.Equals("text", StringComparison.OrdinalIgnoreCase)) text = Math.Max(text, range.Quality ?? 1);
        }

        return json > 0 && json >= text;
    }

    /// <summary>HTML if the client names it and likes none of the others better: browsers do.</summary>
    public static bool PrefersHtml(StringValues accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var ranges)) return false;
        var (html, other) = (0.0, 0.0);
        foreach (var range in ranges)
        {
            if (range.SubType.Equals("html", StringComparison.OrdinalIgnoreCase)) html = Math.Max(html, range.Quality ?? 1);
            else if (IsJson(range) || range.SubType.Equals("plain", StringComparison.OrdinalIgnoreCase)) other = Math.Max(other, range.Quality ?? 1);
        }

        return html > 0 && html >= other;
    }

    private static bool IsJson(MediaTypeHeaderValue range) =>
        range.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
        && (range.MatchesAllSubTypes || range.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
            || range.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
}
