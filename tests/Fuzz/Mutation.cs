using System.Text;

namespace Granary.Fuzz;

/// <summary>Makes an input from others: bytes changed, taken out, doubled, repeated, spliced, or words of the trade put in.</summary>
internal static class Mutation
{
    private const int Longest = 16 * 1024;

    private static readonly string[] Words =
    [
        ",", ", ", ";", "; ", "=", "\"", "\\", "\\\"", "(", ")", "?", "?0", "?1", "*", ":", "-", "/", "%", "%2e", "%2E%2e", "&", "+", "#", " ", "\t", "\r\n", "\n", "\r", "\0", "\x7f", "\xff",
        "0", "-1", "1.5", "60", "2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999", "999999999999999", "W/", "GMT", "bytes=", "bytes ", "max-age=",
        "s-maxage=", "no-store", "no-cache=", "private=\"", "Thu, 01 Jan 1970 00:00:00 GMT", "Friday, 31-Dec-99 23:59:59 GMT", "Sun Nov  6 08:49:37 1994", "23:59:60", "9999", "0000",
        "key-order", "params", "except=(\"a\" \"b\")", "Cache-Control: ", "Vary: ", "Date: ", "Age: ", "Expires: ", "ETag: ", "Content-Length: ", "Transfer-Encoding: chunked", "http://", "[::1]",
    ];

    public static string Of(Random random, IReadOnlyList<string> corpus)
    {
        var text = new StringBuilder(corpus[random.Next(corpus.Count)]);
        for (var i = random.Next(1, 6); i > 0; i--) Change(text, random, corpus);
        if (text.Length > Longest) text.Length = Longest;
        return text.ToString();
    }

    private static void Change(StringBuilder text, Random random, IReadOnlyList<string> corpus)
    {
        var at = random.Next(text.Length + 1);
        var length = random.Next(Math.Min(text.Length - at, 32) + 1);
        switch (random.Next(9))
        {
            case 0 when at < text.Length: text[at] = (char)random.Next(256); break;
            case 1 when at < text.Length: text[at] ^= (char)(1 << random.Next(8)); break;
            case 2: text.Remove(at, length); break;
            case 3: text.Insert(at, text.ToString(at, length)); break;
            case 4: text.Insert(at, Words[random.Next(Words.Length)], random.Next(20) == 0 ? random.Next(1, 2000) : 1); break;
            case 5: text.Insert(at, (char)random.Next(256)); break;
            case 6: Splice(text, at, corpus[random.Next(corpus.Count)], random); break;
            case 7: SwapCase(text, at, length); break;
            default: text.Insert(at, Words[random.Next(Words.Length)]); break;
        }
    }

    private static void Splice(StringBuilder text, int at, string other, Random random)
    {
        var from = random.Next(other.Length + 1);
        text.Length = at;
        text.Append(other, from, other.Length - from);
    }

    private static void SwapCase(StringBuilder text, int at, int length)
    {
        for (var i = at; i < at + length; i++)
            text[i] = char.IsAsciiLetterLower(text[i]) ? char.ToUpperInvariant(text[i]) : char.IsAsciiLetterUpper(text[i]) ? char.ToLowerInvariant(text[i]) : text[i];
    }
}
