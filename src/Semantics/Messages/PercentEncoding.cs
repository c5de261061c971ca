using System.Text;

namespace Granary.Semantics.Messages;

/// <summary>Equivalent percent-encodings, RFC 3986 §2.3, §6.2.2.1, §6.2.2.2.</summary>
internal static class PercentEncoding
{
    public static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';

    /// <summary>
    /// Appends a part of a URI with its triplets in upper case and, where <paramref name="decodes"/>, its unreserved characters decoded. A part with a
    /// percent sign that starts no triplet stays as it is: decoding beside it could make a triplet that was not there.
    /// </summary>
    public static void Append(StringBuilder uri, ReadOnlySpan<char> text, bool decodes)
    {
        if (!text.Contains('%') || !HasOnlyTriplets(text))
        {
            uri.Append(text);
            return;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%') uri.Append(text[i]);
            else AppendTriplet(uri, text.Slice(i, 3), decodes);
            if (text[i] == '%') i += 2;
        }
    }

    private static void AppendTriplet(StringBuilder uri, ReadOnlySpan<char> triplet, bool decodes)
    {
        var octet = (char)((HexValue(triplet[1]) << 4) | HexValue(triplet[2]));
        if (decodes && octet != '.' && IsUnreserved(octet)) uri.Append(octet);
        else uri.Append('%').Append(char.ToUpperInvariant(triplet[1])).Append(char.ToUpperInvariant(triplet[2]));
    }

    private static bool HasOnlyTriplets(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOf('%'); i >= 0 && i < text.Length; i++)
            if (text[i] == '%' && (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))) return false;
        return true;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
