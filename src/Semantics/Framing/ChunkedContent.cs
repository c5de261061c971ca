using static Granary.Semantics.Framing.FramingBytes;

namespace Granary.Semantics.Framing;

/// <summary>Content in the chunked transfer coding up to and with its trailer section. RFC 9112 §7.1.</summary>
/// <param name="fromOrigin">
/// Old origins pad the chunk size with blanks; harmless, because we write our own chunks. Clients may not, and their chunks end at 2 GiB,
/// above which recipients differ: many count in 32 bits.
/// </param>
internal struct ChunkedContent(FramingLimits limits, bool fromOrigin)
{
    private const int MaxDigits = 16;

    private readonly FramingLimits _limits = limits;
    private readonly long _largest = fromOrigin ? long.MaxValue : int.MaxValue;
    private FieldSection _trailers = new(limits.Fields, trailers: true);
    private Place _place;
    private int _digits;
    private int _extension;
    private int _trailerBytes;
    private long _left;

    private enum Place : byte { Size, Blank, Extension, SizeEnd, Data, DataCr, DataLf, Trailers }

    public readonly bool Ended => _trailers.Ended;

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
        Place.Size => ReadSize(bytes[at], ref at),
        Place.Blank => ReadBlank(bytes[at], ref at),
        Place.Extension => ReadExtension(bytes, ref at),
        Place.SizeEnd => EndSize(bytes[at], ref at),
        Place.Data => ReadData(bytes, ref at),
        Place.DataCr => Demand(bytes[at], CR, Place.DataLf, ref at),
        Place.DataLf => Demand(bytes[at], LF, Place.Size, ref at),
        _ => ReadTrailers(bytes, ref at),
    };

    private FramingViolation ReadSize(byte b, ref int at)
    {
        if (!char.IsAsciiHexDigit((char)b)) return EndDigits(b, ref at);
        if (++_digits > MaxDigits || _left > (_largest - Hex(b)) >> 4) return FramingViolation.BadChunkSize;
        _left = (_left << 4) | Hex(b);
        at++;
        return FramingViolation.None;
    }

    private static long Hex(byte b) => b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10;

    private FramingViolation EndDigits(byte b, ref int at)
    {
        if (b == LF) return FramingViolation.LoneLineFeed;
        if (_digits == 0) return FramingViolation.BadChunkSize;
        if (IsBlank(b) && fromOrigin) _place = Place.Blank;
        else if (b == ';') _place = Place.Extension;
        else if (b == CR) _place = Place.SizeEnd;
        else return FramingViolation.BadChunkSize;
        at++;
        return FramingViolation.None;
    }

    private FramingViolation ReadBlank(byte b, ref int at) =>
        ++_extension > _limits.ChunkExtensionBytes ? FramingViolation.ChunkExtensionTooLong
        : IsBlank(b) ? Go(Place.Blank, ref at)
        : EndDigits(b, ref at);

    private FramingViolation ReadExtension(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var length = rest.IndexOfAny(Control);
        var run = length < 0 ? rest.Length : length;
        var allowed = Math.Min(run, _limits.ChunkExtensionBytes - _extension);
        at += allowed;
        _extension += allowed;
        if (allowed < run) return FramingViolation.ChunkExtensionTooLong;
        if (length < 0) return FramingViolation.None;
        return rest[length] == CR ? Go(Place.SizeEnd, ref at) : Name(rest[length], FramingViolation.BadChunkSize);
    }

    private FramingViolation EndSize(byte b, ref int at)
    {
        if (b != LF) return FramingViolation.BareCarriageReturn;
        _digits = _extension = 0;
        return Go(_left == 0 ? Place.Trailers : Place.Data, ref at);
    }

    private FramingViolation ReadData(ReadOnlySpan<byte> bytes, ref int at)
    {
        var taken = (int)Math.Min(bytes.Length - at, _left);
        _left -= taken;
        at += taken;
        if (_left == 0) _place = Place.DataCr;
        return FramingViolation.None;
    }

    private FramingViolation Demand(byte b, byte demanded, Place then, ref int at) =>
        b == demanded ? Go(then, ref at) : FramingViolation.BadChunkEnd;

    private FramingViolation ReadTrailers(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var allowed = rest[..Math.Min(rest.Length, _limits.TrailerBytes - _trailerBytes)];
        var clean = _trailers.Read(allowed, out var violation);
        at += clean;
        _trailerBytes += clean;
        if (violation != FramingViolation.None || _trailers.Ended) return violation;
        return allowed.Length < rest.Length ? FramingViolation.TrailersTooLarge : FramingViolation.None;
    }

    private FramingViolation Go(Place place, ref int at)
    {
        _place = place;
        at++;
        return FramingViolation.None;
    }
}
