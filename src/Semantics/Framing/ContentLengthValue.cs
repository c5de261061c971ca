namespace Granary.Semantics.Framing;

/// <summary>The value of Content-Length: digits and nothing else. RFC 9110 §8.6; lists, even of equal numbers, are refused.</summary>
internal struct ContentLengthValue
{
    private bool _digits;
    private bool _ended;

    public bool IsPresent { get; private set; }

    public long Value { get; private set; }

    public FramingViolation Begin()
    {
        if (IsPresent) return FramingViolation.SeveralContentLengths;
        IsPresent = true;
        return FramingViolation.None;
    }

    public FramingViolation Next(byte b)
    {
        if (FramingBytes.IsBlank(b)) _ended = _digits;
        else if (b == ',' && _digits) return FramingViolation.SeveralContentLengths;
        else if (_ended || b is < (byte)'0' or > (byte)'9') return FramingViolation.ContentLengthNotDigits;
        else return Digit(b - '0');
        return FramingViolation.None;
    }

    public readonly FramingViolation End() => _digits ? FramingViolation.None : FramingViolation.ContentLengthNotDigits;

    private FramingViolation Digit(int digit)
    {
        if (Value > (long.MaxValue - digit) / 10) return FramingViolation.ContentLengthTooLarge;
        Value = (Value * 10) + digit;
        _digits = true;
        return FramingViolation.None;
    }
}
