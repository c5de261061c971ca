using System.Buffers;

namespace Granary.Semantics.Fields;

/// <summary>The smallest rules of RFC 9110 §5.6: token, OWS, quoted-string.</summary>
internal static class Grammar
{
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenChars);

    /// <summary>How many characters at the start form a token.</summary>
    public static int TokenLength(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExcept(TokenChars) is >= 0 and var end ? end : text.Length;

    public static bool IsTokenChar(char c) => TokenChars.Contains(c);

    public static bool IsWhitespace(char c) => c is ' ' or '\t';

    public static ReadOnlySpan<char> TrimWhitespace(ReadOnlySpan<char> text) => text.Trim(" \t");

    /// <summary>Index behind the closing quote of the quoted-string that starts at 0, or -1 if it never closes. §5.6.4.</summary>
    public static int QuotedLength(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i + 1;
        }

        return -1;
    }

    /// <summary>The content of a quoted-string with its quoted-pairs resolved; <paramref name="quoted"/> includes both quotes.</summary>
    public static string Unquote(ReadOnlySpan<char> quoted)
    {
        var inner = quoted[1..^1];
        if (!inner.Contains('\\')) return inner.ToString();
        var text = new System.Text.StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length) i++;
            text.Append(inner[i]);
        }

        return text.ToString();
    }
}
