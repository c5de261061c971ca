namespace Granary.Semantics.Framing;

/// <summary>The value of Transfer-Encoding: <c>chunked</c> and nothing else, in any case. RFC 9112 §6.1, §7.</summary>
internal struct TransferCodingValue
{
    private byte _matched;
    private bool _ended;

    private static ReadOnlySpan<byte> Chunked => "chunked"u8;

    public bool IsPresent { get; private set; }

    public FramingViolation Begin()
    {
        if (IsPresent) return FramingViolation.SeveralTransferCodings;
        IsPresent = true;
        return FramingViolation.None;
    }

    public FramingViolation Next(byte b)
    {
        if (_matched == Chunked.Length && FramingBytes.IsBlank(b)) _ended = true;
        else if (_matched == Chunked.Length || _ended) return FramingViolation.ChunkedNotLast;
        else if (_matched == 0 && FramingBytes.IsBlank(b)) return FramingViolation.None;
        else if ((b | 0x20) != Chunked[_matched]) return FramingViolation.UnknownTransferCoding;
        else _matched++;
        return FramingViolation.None;
    }

    public readonly FramingViolation End() =>
        _matched == Chunked.Length ? FramingViolation.None : FramingViolation.UnknownTransferCoding;
}
