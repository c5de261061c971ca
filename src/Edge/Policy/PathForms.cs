using System.Text;

namespace Granary.Edge.Policy;

/// <summary>The two forms of a path and query that rules compare: as in the target URI, and as the laxest origin may read it.</summary>
internal static class PathForms
{
    // An origin behind another proxy may see what each of them decodes.
    private const int MostDecodings = 16;

    /// <summary>Percent-encodings decoded until nothing changes, <c>\</c> as <c>/</c>; in the path no parameters, no empty and dot segments, nothing from a NUL on; controls left out.</summary>
    public static string Lax(string pathAndQuery)
    {
        var query = pathAndQuery.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? mark : pathAndQuery.Length;
        var path = Segments(Decoded(pathAndQuery[..query]));
        return query == pathAndQuery.Length ? path : path + Decoded(pathAndQuery[query..]);
    }

    /// <summary>The last segment of a path, without the query.</summary>
    public static ReadOnlySpan<char> File(ReadOnlySpan<char> pathAndQuery)
    {
        if (pathAndQuery.IndexOf('?') is >= 0 and var query) pathAndQuery = pathAndQuery[..query];
        return pathAndQuery[(pathAndQuery.LastIndexOf('/') + 1)..];
    }

    private static string Decoded(string text)
    {
        for (var i = 0; i < MostDecodings && text.Contains('%', StringComparison.Ordinal); i++)
        {
            var once = Once(text);
            if (once.Length == text.Length) break;
            text = once;
        }

        return text;
    }

    private static string Once(string text)
    {
        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                decoded.Append((char)((HexValue(text[i + 1]) << 4) | HexValue(text[i + 2])));
                i += 2;
            }
            else decoded.Append(text[i]);
        return decoded.ToString();
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // RFC 3986 §5.2.4, and what servers do beyond it.
    private static string Segments(string path)
    {
        if (path.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var nul) path = path[..nul];
        var segments = new List<string>();
        foreach (var raw in path.Replace('\\', '/').Split('/'))
        {
            var segment = Printable(raw.IndexOf(';', StringComparison.Ordinal) is >= 0 and var parameters ? raw[..parameters] : raw);
            if (segment is "..") segments.RemoveRange(Math.Max(segments.Count - 1, 0), Math.Min(segments.Count, 1));
            else if (segment is not ("" or ".")) segments.Add(segment);
        }

        var isFolder = path.EndsWith('/') || path.EndsWith('\\') || path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal);
        return segments.Count == 0 ? "/" : $"/{string.Join('/', segments)}{(isFolder ? "/" : "")}";
    }

    private static string Printable(string segment) => segment.Any(char.IsControl) ? string.Concat(segment.Where(static c => !char.IsControl(c))) : segment;
}
