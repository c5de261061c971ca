using System.Buffers.Binary;
using System.Net;

namespace Granary.Edge.ProxyProtocol;

/// <summary>The binary header, §2.2: signature, version and command, family and protocol, length, addresses, and TLVs, which are skipped.</summary>
internal static class ProxyV2
{
    public const int FixedLength = 16;

    /// <summary>As much as HAProxy takes by default; the length field could say 65,535.</summary>
    public const int Most = 16 << 10;

    private const int UnixLength = 216;

    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <param name="bytes">They begin like the signature.</param>
    public static ProxyReading Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 12 && bytes[12] is not (0x20 or 0x21)) return Refused(ProxyFault.Malformed);
        if (bytes.Length > 13 && bytes[12] == 0x21 && !IsFamily(bytes[13])) return Refused(ProxyFault.Malformed);
        if (bytes.Length < FixedLength) return ProxyReading.Undecided.Instance;

        var isLocal = bytes[12] == 0x20;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (FixedLength + length > Most) return Refused(ProxyFault.TooLong);
        if (!isLocal && length < AddressLength(bytes[13])) return Refused(ProxyFault.Malformed);
        if (bytes.Length < FixedLength + length) return ProxyReading.Undecided.Instance;
        return new ProxyReading.Complete(isLocal ? ProxyHeader.Local.Instance : Header(bytes[13], bytes[FixedLength..]), FixedLength + length);
    }

    // UNSPEC, INET, INET6 or UNIX; UNSPEC, STREAM or DGRAM. With LOCAL it is to be ignored.
    private static bool IsFamily(byte both) => both >> 4 <= 3 && (both & 15) <= 2;

    private static int AddressLength(byte both) => (both >> 4) switch { 1 => 12, 2 => 36, 3 => UnixLength, _ => 0 };

    private static ProxyHeader Header(byte both, ReadOnlySpan<byte> addresses) => both switch
    {
        0x11 => Client(addresses, 4),
        0x21 => Client(addresses, 16),
        _ => ProxyHeader.Unknown.Instance, // what it names is no connection over TCP
    };

    private static ProxyHeader.Client Client(ReadOnlySpan<byte> addresses, int size) => new(
        new IPEndPoint(new IPAddress(addresses[..size]), BinaryPrimitives.ReadUInt16BigEndian(addresses[(2 * size)..])),
        new IPEndPoint(new IPAddress(addresses[size..(2 * size)]), BinaryPrimitives.ReadUInt16BigEndian(addresses[((2 * size) + 2)..])));

    private static ProxyReading.Refused Refused(ProxyFault why) => new(why);
}
