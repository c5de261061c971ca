using System.Buffers;
using System.Buffers.Binary;

namespace Granary.Edge.Layer4.Hello;

/// <summary>
/// Puts a ClientHello together from the records it is cut into (RFC 8446 §5.1). Never throws, looks at no more than <see cref="Most"/> bytes, and decides with the first that cannot stand.
/// </summary>
public static class ClientHello
{
    /// <summary>One full record. Hellos are some hundred bytes, with post-quantum key shares some thousand.</summary>
    public const int Most = RecordHead + MostInRecord;

    private const int RecordHead = 5;
    private const int MostInRecord = 1 << 14;
    private const int MessageHead = 4;

    public static HelloReading Read(ReadOnlySpan<byte> bytes)
    {
        var message = ArrayPool<byte>.Shared.Rent(Most);
        try
        {
            return Assemble(bytes, message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    private static HelloReading Assemble(ReadOnlySpan<byte> bytes, Span<byte> message)
    {
        for (int length = 0, looked = 0; ;)
        {
            if (WhyNoRecord(bytes) is { } why) return Refused(looked == 0 ? why : HelloFault.Malformed);
            if (bytes.Length < RecordHead) return looked + RecordHead > Most ? Refused(HelloFault.TooLong) : HelloReading.Undecided.Instance;
            var inRecord = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
            if (inRecord is 0 or > MostInRecord) return Refused(HelloFault.Malformed);
            if ((looked += RecordHead + inRecord) > Most) return Refused(HelloFault.TooLong);

            var fragment = bytes[RecordHead..Math.Min(bytes.Length, RecordHead + inRecord)];
            fragment.CopyTo(message[length..]);
            length += fragment.Length;
            if (Judge(message[..length]) is { } decided) return decided;
            if (fragment.Length < inRecord) return HelloReading.Undecided.Instance;
            bytes = bytes[(RecordHead + inRecord)..];
        }
    }

    // handshake(22), 3.1 to 3.4.
    private static HelloFault? WhyNoRecord(ReadOnlySpan<byte> bytes) =>
        (bytes.Length > 0 && bytes[0] != 22) || (bytes.Length > 1 && bytes[1] != 3) || (bytes.Length > 2 && bytes[2] > 4) ? HelloFault.NotTls : null;

    /// <summary>Null while the message is not complete. §4: client_hello(1), a length of three bytes.</summary>
    private static HelloReading? Judge(ReadOnlySpan<byte> message)
    {
        if (message.Length > 0 && message[0] != 1) return Refused(HelloFault.Malformed);
        if (message.Length < MessageHead) return null;
        var length = MessageHead + (message[1] << 16 | message[2] << 8 | message[3]);
        if (length > Most) return Refused(HelloFault.TooLong);
        return message.Length < length ? null : ServerName.Find(message[MessageHead..length]);
    }

    private static HelloReading.Refused Refused(HelloFault why) => new(why);
}
