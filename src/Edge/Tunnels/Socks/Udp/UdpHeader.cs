using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Edge.Tunnels.Socks.Udp;

/// <summary>What stands before the data of a relayed datagram: RFC 1928 §7.</summary>
/// <param name="Host">Where it goes to, or comes from.</param>
/// <param name="Length">Bytes of the header.</param>
internal readonly record struct UdpHeader(string Host, int Port, int Length)
{
    /// <summary>Of the longest address that we write.</summary>
    public const int Most = 22;

    /// <returns>Null if it is none, or one of a fragment: those "MUST be dropped" by who does not put them together.</returns>
    public static UdpHeader? Read(ReadOnlySpan<byte> datagram)
    {
        if (datagram is not [0, 0, 0, var kind, ..]) return null;
        var length = LengthOf(kind, datagram);
        if (length == 0 || datagram.Length < length) return null;
        var host = kind == 3 ? Encoding.Latin1.GetString(datagram[5..(length - 2)]) : new IPAddress(datagram[4..(length - 2)]).ToString();
        return new UdpHeader(host, BinaryPrimitives.ReadUInt16BigEndian(datagram[(length - 2)..]), length);
    }

    /// <returns>Bytes written.</returns>
    public static int Write(IPEndPoint from, Span<byte> into)
    {
        into[..3].Clear();
        into[3] = from.AddressFamily is AddressFamily.InterNetwork ? (byte)1 : (byte)4;
        from.Address.TryWriteBytes(into[4..], out var length);
        BinaryPrimitives.WriteUInt16BigEndian(into[(4 + length)..], (ushort)from.Port);
        return length + 6;
    }

    private static int LengthOf(byte kind, ReadOnlySpan<byte> datagram) => kind switch
    {
        1 => 10,
        4 => 22,
        3 when datagram.Length > 4 => 7 + datagram[4],
        _ => 0,
    };
}
