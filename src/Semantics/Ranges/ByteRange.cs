namespace Granary.Semantics.Ranges;

/// <summary>Positions of bytes in a representation, both inclusive. RFC 9110 §14.1.2.</summary>
public readonly record struct ByteRange(long First, long Last)
{
    public long Length => Last - First + 1;
}

/// <summary>How a request with Range is answered from a complete response. RFC 9110 §14.2.</summary>
public abstract record RangeOutcome
{
    private RangeOutcome() { }

    /// <summary>As if there were no Range: 200 with the whole content.</summary>
    public sealed record Whole : RangeOutcome
    {
        public static readonly Whole Instance = new();
    }

    /// <summary>206 with one part.</summary>
    public sealed record Single(long First, long Last) : RangeOutcome;

    /// <summary>206 with several parts, multipart/byteranges.</summary>
    public sealed record Multiple(IReadOnlyList<ByteRange> Ranges) : RangeOutcome;

    /// <summary>416 with the complete length.</summary>
    public sealed record Unsatisfiable : RangeOutcome
    {
        public static readonly Unsatisfiable Instance = new();
    }
}
