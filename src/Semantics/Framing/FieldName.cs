using System.Runtime.CompilerServices;
using System.Text;

namespace Granary.Semantics.Framing;

/// <summary>The fields that decide where a message ends, or for whom it is.</summary>
internal enum FramingField : byte
{
    Other,
    Host,
    Upgrade,
    ContentLength,
    TransferEncoding,
}

/// <summary>Collects a field name that may arrive in pieces and says which framing field it is.</summary>
internal struct FieldName
{
    private Bytes _bytes;
    private int _length;

    public void Clear() => _length = 0;

    public void Append(ReadOnlySpan<byte> part)
    {
        if (part.Length <= Bytes.Count - _length) part.CopyTo(((Span<byte>)_bytes)[_length..]);
        // A longer name is no framing field; the length alone says so, and it must not wrap round.
        _length = part.Length > Bytes.Count - _length ? Bytes.Count + 1 : _length + part.Length;
    }

    public readonly FramingField Recognise() => _length switch
    {
        4 when Is("host"u8) => FramingField.Host,
        7 when Is("upgrade"u8) => FramingField.Upgrade,
        14 when Is("content-length"u8) => FramingField.ContentLength,
        17 when Is("transfer-encoding"u8) => FramingField.TransferEncoding,
        _ => FramingField.Other,
    };

    private readonly bool Is(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(((ReadOnlySpan<byte>)_bytes)[..name.Length], name);

    [InlineArray(Count)]
    private struct Bytes
    {
        public const int Count = 17;
        private byte _first;
    }
}
