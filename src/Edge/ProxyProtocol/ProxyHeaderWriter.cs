using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Edge.ProxyProtocol;

/// <summary>Writes the PROXY header for a connection. Without both addresses in one family it says that the client is not known.</summary>
internal static class ProxyHeaderWriter
{
    public static byte[] V1(EndPoint? source, EndPoint? destination) => Encoding.ASCII.GetBytes(
        Both(source, destination) is not var (from, to) ? "PROXY UNKNOWN\r\n"
        : $"PROXY {(from.AddressFamily is AddressFamily.InterNetwork ? "TCP4" : "TCP6")} {from.Address} {to.Address} {from.Port} {to.Port}\r\n");

    public static byte[] V2(EndPoint? source, EndPoint? destination)
    {
        if (Both(source, destination) is not var (from, to)) return [.. ProxyV2.Signature, 0x21, 0, 0, 0];
        var size = from.AddressFamily is AddressFamily.InterNetwork ? 4 : 16;
        var header = new byte[ProxyV2.FixedLength + (2 * size) + 4];
        ProxyV2.Signature.CopyTo(header);
        (header[12], header[13], header[15]) = (0x21, (byte)(size == 4 ? 0x11 : 0x21), (byte)((2 * size) + 4));
        var addresses = header.AsSpan(ProxyV2.FixedLength);
        from.Address.TryWriteBytes(addresses, out _);
        to.Address.TryWriteBytes(addresses[size..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(addresses[(2 * size)..], (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(addresses[((2 * size) + 2)..], (ushort)to.Port);
        return header;
    }

    /// <summary>For a health check: no client stands behind it.</summary>
    public static byte[] LocalV2() => [.. ProxyV2.Signature, 0x20, 0, 0, 0];

    private static (IPEndPoint From, IPEndPoint To)? Both(EndPoint? source, EndPoint? destination)
    {
        if (source is not IPEndPoint from || destination is not IPEndPoint to) return null;
        (from, to) = (Plain(from), Plain(to));
        if (from.AddressFamily != to.AddressFamily) (from, to) = (Mapped(from), Mapped(to));
        return (from, to);
    }

    // A zone is known on this machine only.
    private static IPEndPoint Plain(IPEndPoint point) =>
        point.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(point.Address.MapToIPv4(), point.Port)
        : point.AddressFamily is AddressFamily.InterNetworkV6 && point.Address.ScopeId != 0 ? new IPEndPoint(new IPAddress(point.Address.GetAddressBytes()), point.Port)
        : point;

    private static IPEndPoint Mapped(IPEndPoint point) => new(point.Address.MapToIPv6(), point.Port);
}
