namespace Granary.Semantics.Framing;

/// <summary>The value of Host: a host that is not empty and an optional port. RFC 9110 §7.2, RFC 3986 §3.2.2.</summary>
internal struct HostValue
{
    private Part _part;
    private byte _hexDue;
    private int _port;

    private enum Part : byte { Start, Name, Bracket, AfterBracket, Port, Ended }

    public bool IsPresent { get; private set; }

    public FramingViolation Begin()
    {
        if (IsPresent) return FramingViolation.SeveralHosts;
        IsPresent = true;
        return FramingViolation.None;
    }

    public FramingViolation Next(byte b) => Takes(b) ? FramingViolation.None : FramingViolation.HostNotValid;

    public readonly FramingViolation End() =>
        _hexDue == 0 && _part is Part.Name or Part.AfterBracket or Part.Port or Part.Ended ? FramingViolation.None : FramingViolation.HostNotValid;

    private bool Takes(byte b)
    {
        if (_hexDue > 0) return char.IsAsciiHexDigit((char)b) && _hexDue-- > 0;
        if (FramingBytes.IsBlank(b)) return Blank();
        return _part switch
        {
            Part.Start => b == '[' ? To(Part.Bracket) : InName(b),
            Part.Name => b == ':' ? To(Part.Port) : InName(b),
            Part.Bracket => b == ']' ? To(Part.AfterBracket) : b == ':' || FramingBytes.RegName.Contains(b),
            Part.AfterBracket => b == ':' && To(Part.Port),
            Part.Port => b is >= (byte)'0' and <= (byte)'9' && (_port = (_port * 10) + b - '0') <= 65535,
            _ => false,
        };
    }

    private bool InName(byte b)
    {
        if (b == '%') _hexDue = 2;
        else if (!FramingBytes.RegName.Contains(b)) return false;
        return To(Part.Name);
    }

    private bool Blank()
    {
        if (_part == Part.Start) return true;
        return _part != Part.Bracket && To(Part.Ended);
    }

    private bool To(Part part)
    {
        _part = part;
        return true;
    }
}
