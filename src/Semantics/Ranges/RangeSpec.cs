using System.Globalization;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Ranges;

/// <summary>
/// One range as it is asked for, without knowing the representation: <c>first-last</c>, <c>first-</c> or, without first, the suffix <c>-last</c>.
/// RFC 9110 §14.1.2.
/// </summary>
public readonly record struct RangeSpec(long? First, long? Last)
{
    /// <summary>The last so many bytes.</summary>
    public bool IsSuffix => First is null;

    /// <summary>The range a request asks for, if it is exactly one and valid; else null.</summary>
    public static RangeSpec? OnlyOf(FieldLines request)
    {
        string? only = null;
        foreach (var line in request)
        {
            if (!line.Is(FieldNames.Range)) continue;
            if (only is not null) return null;
            only = line.Value;
        }

        return only is null ? null : Read(only);
    }

    /// <summary>Enlarged to whole blocks, so that neighbours meet; a suffix stays as it is.</summary>
    public RangeSpec InBlocks(long block)
    {
        if (First is not { } first) return this;
        return new(first - first % block, Last is { } last && last < long.MaxValue - block ? last - last % block + block - 1 : null);
    }

    /// <summary>Whether a response with these bytes is an answer to this: it begins where it shall and ends no later.</summary>
    public bool IsAnsweredBy(ByteRange range, long completeLength) => First is { } first
        ? range.First == first && (Last is not { } last || range.Last <= last)
        : range.First == Math.Max(0, completeLength - Last!.Value) && range.Last == completeLength - 1;

    /// <summary>Whether a representation of any length would have what is asked for in <paramref name="other"/> also in this.</summary>
    public bool Contains(RangeSpec other) => (First, other.First) switch
    {
        (null, null) => other.Last <= Last,
        ({ } mine, { } its) => mine <= its && (Last is null || other.Last <= Last),
        _ => false,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"bytes={First}-{Last}");

    private static RangeSpec? Read(ReadOnlySpan<char> specifier)
    {
        if (!specifier.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase)) return null;
        var spec = Grammar.TrimWhitespace(specifier["bytes=".Length..]);
        var dash = spec.IndexOf('-');
        if (dash < 0 || !TryNumber(spec[..dash], out var first) || !TryNumber(spec[(dash + 1)..], out var last)) return null;
        return (first, last) is (null, null) || last < first ? null : new RangeSpec(first, last);
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out long? number)
    {
        number = null;
        if (digits.IsEmpty) return true;
        if (!RangeSet.TryNumber(digits, out var read)) return false;
        number = read;
        return true;
    }
}
