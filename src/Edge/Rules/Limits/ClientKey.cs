using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Granary.Edge.Rules.Limits;

/// <summary>Who counts as one client: an IPv4 address, or an IPv6 network of /64, since so many addresses are one customer's to choose from. Unknown addresses are one client together.</summary>
internal readonly record struct ClientKey(ulong Network, uint Address)
{
    /// <summary>All clients share it.</summary>
    public static readonly ClientKey Everybody;

    public static ClientKey Of(IPAddress? client)
    {
        if (client is null) return Everybody;
        Span<byte> bytes = stackalloc byte[16];
        if (!client.TryWriteBytes(bytes, out _)) return Everybody;
        if (client.AddressFamily == AddressFamily.InterNetwork) return new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        return client.IsIPv4MappedToIPv6 ? new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..])) : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), uint.MaxValue);
    }

    /// <summary>A user, wherever they come from.</summary>
    public static ClientKey OfUser(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(name.AsSpan()), hash);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt32BigEndian(hash[sizeof(ulong)..]));
    }
}
