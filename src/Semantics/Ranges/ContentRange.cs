using System.Globalization;

namespace Granary.Semantics.Ranges;

/// <summary>Content-Range, RFC 9110 §14.4.</summary>
public static class ContentRange
{
    /// <summary>For 206.</summary>
    public static string Of(long first, long last, long completeLength) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{last}/{completeLength}");

    /// <summary>For 416.</summary>
    public static string Unsatisfied(long completeLength) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes */{completeLength}");

    /// <summary>Reads <c>bytes first-last/length</c>; the length is null where the sender wrote <c>*</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ByteRange range, out long? completeLength)
    {
        (range, completeLength) = (default, null);
        if (!text.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase)) return false;
        text = text["bytes ".Length..];
        var (dash, slash) = (text.IndexOf('-'), text.IndexOf('/'));
        if (dash < 1 || slash < dash) return false;
        if (!TryNumber(text[..dash], out var first) || !TryNumber(text[(dash + 1)..slash], out var last) || last < first) return false;
        range = new(first, last);
        if (text[(slash + 1)..] is "*") return true;
        completeLength = TryNumber(text[(slash + 1)..], out var length) ? length : null;
        return completeLength > last;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
