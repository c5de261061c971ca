using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Granary.Grains.Origin.Addresses;

/// <summary>The IPv4 addresses that a packet to an IPv6 address ends at, or passes, by translation or tunnel.</summary>
internal static class EmbeddedAddress
{
    public static bool TryFind(IPAddress address, out uint first, out uint second)
    {
        (first, second) = (0, 0);
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return false;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        (first, second) = ((uint)low, (uint)low);
        switch (high, low >> 32)
        {
            case (0, 0xffff):                    // IPv4-mapped ::ffff:0:0/96, RFC 4291 §2.5.5.2
            case (0, 0xffff_0000):               // IPv4-translated ::ffff:0:0:0/96, RFC 2765 §2.1
            case (0x0064_ff9b_0000_0000, 0):     // NAT64 64:ff9b::/96, RFC 6052 §2.1
                return true;
            case (0, 0):                         // IPv4-compatible ::/96, RFC 4291 §2.5.5.1; :: and ::1 are not of them
                return low > 1;
        }

        if (high >> 48 == 0x2002)                // 6to4 2002::/16, RFC 3056 §2
        {
            first = second = (uint)(high >> 16);
            return true;
        }

        if (high >> 32 == 0x2001_0000)           // Teredo 2001::/32, RFC 4380 §4: the server, and the client with its bits inverted
        {
            (first, second) = ((uint)high, ~(uint)low);
            return true;
        }

        return false;
    }

    public static IPAddress ToAddress(uint value) => new(BinaryPrimitives.ReverseEndianness(value));
}
