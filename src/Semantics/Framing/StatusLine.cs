using static Granary.Semantics.Framing.FramingBytes;

namespace Granary.Semantics.Framing;

/// <summary>A status line: version SP status SP reason CRLF. RFC 9112 §4. The SP before an absent reason may be missing, as in many origins.</summary>
internal struct StatusLine
{
    private Place _place;
    private byte _at;

    private enum Place : byte { Version, Status, AfterStatus, Reason, LineEnd }

    public bool Ended { get; private set; }

    public bool IsHttp10 { get; private set; }

    public short Status { get; private set; }

    private static ReadOnlySpan<byte> Version => "HTTP/1."u8;

    /// <summary>Reads on, and gives the number of clean bytes.</summary>
    public int Read(ReadOnlySpan<byte> bytes, out FramingViolation violation)
    {
        var at = 0;
        violation = FramingViolation.None;
        while (at < bytes.Length && !Ended && violation == FramingViolation.None)
            violation = _place == Place.Reason ? ReadReason(bytes, ref at) : Step(bytes[at], ref at);
        return at;
    }

    private FramingViolation Step(byte b, ref int at)
    {
        var violation = _place switch
        {
            Place.Version => ReadVersion(b),
            Place.Status => ReadStatus(b),
            Place.AfterStatus => EndStatus(b),
            _ => EndLine(b),
        };
        if (violation == FramingViolation.None) at++;
        return violation;
    }

    private FramingViolation ReadVersion(byte b)
    {
        var fits = _at < Version.Length ? b == Version[_at]
            : _at == Version.Length ? b is (byte)'0' or (byte)'1'
            : b == SP;
        if (!fits) return InLine(b);
        if (_at == Version.Length) IsHttp10 = b == '0';
        if (_at++ > Version.Length) (_place, _at) = (Place.Status, 0);
        return FramingViolation.None;
    }

    /// <summary>Codes from 100 to 999 pass: unknown ones are treated by their first digit, RFC 9110 §15.</summary>
    private FramingViolation ReadStatus(byte b)
    {
        if (b is < (byte)'0' or > (byte)'9') return InLine(b);
        if (_at == 0 && b == '0') return FramingViolation.StatusOutOfRange;
        Status = (short)((Status * 10) + b - '0');
        if (++_at == 3) _place = Place.AfterStatus;
        return FramingViolation.None;
    }

    private FramingViolation EndStatus(byte b)
    {
        if (b is not (SP or CR)) return InLine(b);
        _place = b == SP ? Place.Reason : Place.LineEnd;
        return FramingViolation.None;
    }

    private FramingViolation ReadReason(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var length = rest.IndexOfAny(Control);
        at += length < 0 ? rest.Length : length;
        if (length < 0) return FramingViolation.None;
        if (rest[length] != CR) return InLine(rest[length]);
        at++;
        _place = Place.LineEnd;
        return FramingViolation.None;
    }

    private FramingViolation EndLine(byte b)
    {
        if (b != LF) return FramingViolation.BareCarriageReturn;
        Ended = true;
        return FramingViolation.None;
    }

    private static FramingViolation InLine(byte b) =>
        b == LF ? FramingViolation.LoneLineFeed : FramingViolation.StatusLineNotValid;
}
