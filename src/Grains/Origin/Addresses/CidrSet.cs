using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Granary.Grains.Origin.Addresses;

/// <summary>
/// A set of networks. Kept as disjoint ranges in ascending order, so that a look-up is one binary search without allocation,
/// however many networks were named and however they overlap. An IPv4-mapped IPv6 address counts as the IPv4 address in it.
/// </summary>
public sealed class CidrSet : IEquatable<CidrSet>
{
    public static readonly CidrSet Empty = new([]);

    /// <summary>127.0.0.0/8 and ::1.</summary>
    public static readonly CidrSet Loopback = Of("127.0.0.0/8", "::1/128");

    private readonly (UInt128 First, UInt128 Last)[] _v4;
    private readonly (UInt128 First, UInt128 Last)[] _v6;

    public CidrSet(ImmutableArray<IPNetwork> networks)
    {
        Networks = networks;
        _v4 = Ranges(networks, AddressFamily.InterNetwork);
        _v6 = Ranges(networks, AddressFamily.InterNetworkV6);
    }

    /// <summary>The networks as they were named.</summary>
    public ImmutableArray<IPNetwork> Networks { get; }

    public bool IsEmpty => Networks.IsEmpty;

    /// <exception cref="FormatException">One of them is not a network.</exception>
    public static CidrSet Of(params ReadOnlySpan<string> networks)
    {
        var parsed = ImmutableArray.CreateBuilder<IPNetwork>(networks.Length);
        foreach (var text in networks)
            parsed.Add(Cidr.TryParse(text, out var network) ? network.Value : throw new FormatException($"'{text}' is not a network."));
        return new CidrSet(parsed.MoveToImmutable());
    }

    public bool Contains(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (length == 4) return Within(_v4, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return value >> 32 == 0xffff ? Within(_v4, (uint)value) : Within(_v6, value);
    }

    public bool Equals(CidrSet? other) => other is not null && _v4.AsSpan().SequenceEqual(other._v4) && _v6.AsSpan().SequenceEqual(other._v6);

    public override bool Equals(object? obj) => Equals(obj as CidrSet);

    public override int GetHashCode() => HashCode.Combine(_v4.Length, _v6.Length, _v4.FirstOrDefault(), _v6.FirstOrDefault());

    public override string ToString() => string.Join(", ", Networks);

    private static bool Within((UInt128 First, UInt128 Last)[] ranges, UInt128 value)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (value < ranges[middle].First) high = middle - 1;
            else if (value > ranges[middle].Last) low = middle + 1;
            else return true;
        }

        return false;
    }

    private static (UInt128 First, UInt128 Last)[] Ranges(ImmutableArray<IPNetwork> networks, AddressFamily family)
    {
        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach (var range in networks.Where(n => n.BaseAddress.AddressFamily == family).Select(Range).Order())
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }

        return [.. merged];
    }

    private static (UInt128 First, UInt128 Last) Range(IPNetwork network)
    {
        Span<byte> bytes = stackalloc byte[16];
        network.BaseAddress.TryWriteBytes(bytes, out var length);
        var first = length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
        var free = (length * 8) - network.PrefixLength;
        return (first, first | (free == 128 ? UInt128.MaxValue : (UInt128.One << free) - 1));
    }
}
