using static Granary.Semantics.Framing.FramingBytes;

namespace Granary.Semantics.Framing;

/// <summary>A request line: method SP target SP version CRLF, with at most one empty line before it. RFC 9112 §2.2, §3.</summary>
internal struct RequestLine(bool mayBePreface)
{
    private Place _place;
    private bool _skippedEmptyLine;
    private bool _preface = mayBePreface;
    private int _length;
    private int _targetLength;
    private byte _versionAt;
    private byte _major;
    private byte _minor;
    private ulong _method;
    private int _methodLength;

    private enum Place : byte { Start, EmptyLine, Method, Target, Version, LineEnd }

    /// <summary>What an HTTP/2 client with prior knowledge sends first. RFC 9113 §3.4.</summary>
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    public bool Ended { get; private set; }

    public readonly bool IsPreface => _major == 2;

    public readonly bool IsHttp10 => _minor == 0;

    public readonly bool IsHead => _methodLength == 4 && _method == 0x48454144;

    public readonly bool IsConnect => _methodLength == 7 && _method == 0x434F4E4E454354;

    /// <summary>Reads on, and gives the number of clean bytes.</summary>
    public int Read(ReadOnlySpan<byte> bytes, out FramingViolation violation)
    {
        var at = 0;
        violation = FramingViolation.None;
        while (at < bytes.Length && !Ended && violation == FramingViolation.None)
            violation = Step(bytes, ref at);
        return at;
    }

    private FramingViolation Step(ReadOnlySpan<byte> bytes, ref int at) => _place switch
    {
        Place.Start => Begin(bytes[at], ref at),
        Place.EmptyLine => EndEmptyLine(bytes[at], ref at),
        Place.Method => ReadMethod(bytes[at], ref at),
        Place.Target => ReadTarget(bytes, ref at),
        Place.Version => ReadVersion(bytes[at], ref at),
        _ => EndLine(bytes[at], ref at),
    };

    private FramingViolation Begin(byte b, ref int at)
    {
        if (b == LF) return FramingViolation.LoneLineFeed;
        if (b != CR) _place = Place.Method;
        else if (_skippedEmptyLine) return FramingViolation.RequestLineNotValid;
        else return Go(Place.EmptyLine, ref at);
        return FramingViolation.None;
    }

    private FramingViolation EndEmptyLine(byte b, ref int at)
    {
        if (b != LF) return FramingViolation.BareCarriageReturn;
        _skippedEmptyLine = true;
        _preface = false;
        return Go(Place.Start, ref at);
    }

    private FramingViolation ReadMethod(byte b, ref int at)
    {
        FollowPreface(b);
        if (b == SP && _methodLength > 0) return Go(Place.Target, ref at);
        if (!Token.Contains(b)) return InLine(b);
        _method = (_method << 8) | b;
        _methodLength++;
        at++;
        return FramingViolation.None;
    }

    private FramingViolation ReadTarget(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var length = rest.IndexOfAnyExcept(Target);
        var run = length < 0 ? rest.Length : length;
        foreach (var b in rest[..Math.Min(run, _preface ? 2 : 0)]) FollowPreface(b);
        _targetLength += run;
        at += run;
        if (length < 0) return FramingViolation.None;
        FollowPreface(rest[length]);
        return rest[length] == SP && _targetLength > 0 ? Go(Place.Version, ref at) : InLine(rest[length]);
    }

    private FramingViolation ReadVersion(byte b, ref int at)
    {
        FollowPreface(b);
        var fits = _versionAt switch
        {
            < 5 => b == "HTTP/"u8[_versionAt],
            5 => IsDigit(b, out _major),
            6 => b == '.',
            7 => IsDigit(b, out _minor),
            _ => b == CR,
        };
        if (!fits) return InLine(b);
        if (_versionAt == 8) return EndVersion(ref at);
        _versionAt++;
        at++;
        return FramingViolation.None;
    }

    private FramingViolation EndVersion(ref int at) =>
        (_major == 1 && _minor <= 1) || _preface ? Go(Place.LineEnd, ref at) : FramingViolation.HttpVersionNotSupported; // RFC 9110 §15.6.6

    private FramingViolation EndLine(byte b, ref int at)
    {
        if (b != LF) return FramingViolation.BareCarriageReturn;
        Ended = true;
        at++;
        return FramingViolation.None;
    }

    /// <summary>Still the preface only while every byte since the start was its byte.</summary>
    private void FollowPreface(byte b) => _preface = _preface && _length < Preface.Length && b == Preface[_length++];

    private static bool IsDigit(byte b, out byte digit) => (digit = (byte)(b - '0')) <= 9;

    private static FramingViolation InLine(byte b) =>
        b == LF ? FramingViolation.LoneLineFeed : FramingViolation.RequestLineNotValid;

    private FramingViolation Go(Place place, ref int at)
    {
        _place = place;
        at++;
        return FramingViolation.None;
    }
}
