using Granary.Semantics.Fields;

namespace Granary.Semantics.Ranges;

/// <summary>ranges-specifier with the unit bytes, RFC 9110 §14.1.2, read against the length of a representation.</summary>
internal static class RangeSet
{
    /// <summary>More ranges than this are not a reader, but an attack or a mistake (§14.2).</summary>
    private const int Most = 16;

    /// <summary>The satisfiable ranges in the order asked for, or null if the field is not valid or asks for too many.</summary>
    public static List<ByteRange>? Read(ReadOnlySpan<char> specifier, long completeLength)
    {
        if (!specifier.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase)) return null;
        var set = specifier["bytes=".Length..];
        var (ranges, count) = (new List<ByteRange>(1), 0);
        foreach (var part in set.Split(','))
        {
            var spec = Grammar.TrimWhitespace(set[part]);
            if (spec.IsEmpty) continue;
            if (++count > Most || !TryRead(spec, completeLength, out var range)) return null;
            if (range is { } satisfiable) ranges.Add(satisfiable);
        }

        return count == 0 ? null : ranges;
    }

    // True with no range: valid, but not satisfiable.
    private static bool TryRead(ReadOnlySpan<char> spec, long length, out ByteRange? range)
    {
        range = null;
        var dash = spec.IndexOf('-');
        if (dash < 0) return false;
        if (dash == 0) return TryReadSuffix(spec[1..], length, out range);
        if (!TryNumber(spec[..dash], out var first)) return false;
        var last = long.MaxValue;
        if (dash + 1 < spec.Length && !TryNumber(spec[(dash + 1)..], out last)) return false;
        if (last < first) return false;
        if (first < length) range = new(first, Math.Min(last, length - 1));
        return true;
    }

    private static bool TryReadSuffix(ReadOnlySpan<char> digits, long length, out ByteRange? range)
    {
        range = null;
        if (!TryNumber(digits, out var suffix)) return false;
        if (suffix > 0 && length == 0) return false; // satisfiable by nothing at all, which only a 200 can say
        if (suffix > 0) range = new(Math.Max(0, length - suffix), length - 1);
        return true;
    }

    // What is too large for any representation is as good as the largest.
    internal static bool TryNumber(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')) return false;
        foreach (var digit in digits)
            number = number > (long.MaxValue - 9) / 10 ? long.MaxValue : (number * 10) + (digit - '0');
        return true;
    }
}
