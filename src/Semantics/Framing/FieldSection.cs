using static Granary.Semantics.Framing.FramingBytes;

namespace Granary.Semantics.Framing;

/// <summary>
/// The field lines of a head or trailer section up to and with the empty line. RFC 9112 §5.
/// Every rule looks at one byte and the state, so the verdict cannot depend on how the bytes were cut into reads;
/// runs of bytes that change nothing are skipped by vectorised search.
/// </summary>
internal struct FieldSection(int maxFields, bool trailers)
{
    private Place _place;
    private FieldName _name;
    private FramingField _field;
    private int _fields;
    private ContentLengthValue _length;
    private TransferCodingValue _coding;
    private HostValue _host;

    private enum Place : byte { LineStart, Name, Value, LineEnd, SectionEnd }

    public readonly ContentLengthValue Length => _length;

    public readonly bool HasCoding => _coding.IsPresent;

    public readonly bool HasHost => _host.IsPresent;

    public bool HasUpgrade { get; private set; }

    public bool Ended { get; private set; }

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
        Place.LineStart => BeginLine(bytes[at], ref at),
        Place.Name => ReadName(bytes, ref at),
        Place.Value => ReadValue(bytes, ref at),
        Place.LineEnd => EndLine(bytes[at], ref at),
        _ => EndSection(bytes[at], ref at),
    };

    private FramingViolation BeginLine(byte first, ref int at)
    {
        if (IsBlank(first)) return _fields == 0 ? FramingViolation.WhitespaceBeforeFirstField : FramingViolation.ObsoleteLineFolding; // §2.2, §5.2
        if (first == ':') return FramingViolation.FieldNameNotValid;
        _name.Clear();
        _place = first == CR ? Place.SectionEnd : Place.Name;
        if (first == CR) at++;
        return FramingViolation.None;
    }

    private FramingViolation ReadName(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var length = rest.IndexOfAnyExcept(Token);
        if (length < 0) length = rest.Length;
        _name.Append(rest[..length]);
        at += length;
        if (length == rest.Length) return FramingViolation.None;
        if (rest[length] != ':') return InName(rest[length]);
        var violation = BeginValue();
        if (violation == FramingViolation.None) at++;
        return violation;
    }

    private static FramingViolation InName(byte b) => b switch
    {
        SP or HTAB => FramingViolation.WhitespaceBeforeColon, // RFC 9112 §5.1
        CR => FramingViolation.FieldWithoutColon,
        < 0x20 or 0x7F => Name(b, FramingViolation.ControlByteInFieldName),
        _ => FramingViolation.FieldNameNotValid,
    };

    private FramingViolation BeginValue()
    {
        if (++_fields > maxFields) return FramingViolation.TooManyFields;
        _place = Place.Value;
        _field = _name.Recognise();
        if (_field is FramingField.Other) return FramingViolation.None;
        if (trailers) return _field is FramingField.Upgrade ? FramingViolation.None : FramingViolation.TrailerForbidden; // RFC 9110 §6.5.1
        return BeginFramingValue();
    }

    private FramingViolation BeginFramingValue()
    {
        switch (_field)
        {
            case FramingField.ContentLength: return _length.Begin();
            case FramingField.TransferEncoding: return _coding.Begin();
            case FramingField.Host: return _host.Begin();
            default: HasUpgrade = true; return FramingViolation.None;
        }
    }

    private FramingViolation ReadValue(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var length = rest.IndexOfAny(Control);
        var run = length < 0 ? rest : rest[..length];
        var violation = _field is FramingField.Other or FramingField.Upgrade ? Skip(run, ref at) : Weigh(run, ref at);
        if (violation != FramingViolation.None || length < 0) return violation;
        if (rest[length] != CR) return Name(rest[length], FramingViolation.ControlByteInFieldValue);
        at++;
        _place = Place.LineEnd;
        return FramingViolation.None;
    }

    private static FramingViolation Skip(ReadOnlySpan<byte> run, ref int at)
    {
        at += run.Length;
        return FramingViolation.None;
    }

    private FramingViolation Weigh(ReadOnlySpan<byte> run, ref int at)
    {
        foreach (var b in run)
        {
            var violation = _field switch
            {
                FramingField.ContentLength => _length.Next(b),
                FramingField.TransferEncoding => _coding.Next(b),
                _ => _host.Next(b),
            };
            if (violation != FramingViolation.None) return violation;
            at++;
        }

        return FramingViolation.None;
    }

    private FramingViolation EndLine(byte b, ref int at)
    {
        if (b != LF) return FramingViolation.BareCarriageReturn;
        var violation = EndValue();
        if (violation == FramingViolation.None) at++;
        _place = Place.LineStart;
        return violation;
    }

    private readonly FramingViolation EndValue() => _field switch
    {
        FramingField.ContentLength => _length.End(),
        FramingField.TransferEncoding => _coding.End(),
        FramingField.Host => _host.End(),
        _ => FramingViolation.None,
    };

    private FramingViolation EndSection(byte b, ref int at)
    {
        if (b != LF) return FramingViolation.BareCarriageReturn;
        at++;
        Ended = true;
        return FramingViolation.None;
    }
}
