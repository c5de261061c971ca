using System.Net;
using CsCheck;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Tests.Origin.Addresses;

public sealed class CidrSetTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0", true)]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "9.255.255.255", false)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("fd00::/8", "fd12:3456::1", true)]
    [InlineData("fd00::/8", "fe00::1", false)]
    public void A_set_of_one_network_contains_exactly_its_addresses(string network, string address, bool contained) =>
        Assert.Equal(contained, CidrSet.Of(network).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "::ffff:11.1.2.3", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    public void An_ipv4_mapped_address_counts_as_the_ipv4_address_in_it(string network, string address, bool contained) =>
        Assert.Equal(contained, CidrSet.Of(network).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10/8")]
    [InlineData("10.1/16")]
    [InlineData("0x0a000000/8")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("fd00::/129")]
    [InlineData("fe80::1%eth0")]
    [InlineData("localhost")]
    [InlineData("*")]
    public void What_is_not_exactly_a_network_is_not_read_as_one(string text) => Assert.False(Cidr.TryParse(text, out _));

    [Fact]
    public void Overlapping_and_nested_networks_contain_what_any_of_them_contains()
    {
        var network = from bits in Gen.Int[0, 32]
                      from value in Gen.UInt
                      select new IPNetwork(Address(bits == 0 ? 0 : value & (uint.MaxValue << (32 - bits))), bits);
        var probes = Gen.UInt.Array[50];

        Gen.Select(network.Array[0, 12], probes).Sample((networks, values) =>
        {
            var set = new CidrSet([.. networks]);
            var edges = networks.SelectMany(n => Edges(n)).Concat(values);
            return edges.All(value => set.Contains(Address(value)) == networks.Any(n => n.Contains(Address(value))));
        });
    }

    [Fact]
    public void Ipv6_networks_contain_what_any_of_them_contains()
    {
        var network = from bits in Gen.Int[0, 128] from bytes in Gen.Byte.Array[16] select new IPNetwork(Masked(bytes, bits), bits);

        Gen.Select(network.Array[0, 8], Gen.Byte.Array[16].Array[20]).Sample((networks, probes) =>
        {
            // A mapped address is looked up among the IPv4 networks, which are none here.
            networks = [.. networks.Where(n => !n.BaseAddress.IsIPv4MappedToIPv6)];
            var set = new CidrSet([.. networks]);
            return probes.Select(p => new IPAddress(p)).Concat(networks.Select(n => n.BaseAddress))
                .All(address => set.Contains(address) == networks.Any(n => n.Contains(address)));
        });
    }

    [Fact]
    public void Sets_with_the_same_addresses_are_equal_however_they_were_named()
    {
        Assert.Equal(CidrSet.Of("10.0.0.0/8"), CidrSet.Of("10.1.0.0/16", "10.0.0.0/8"));
        Assert.NotEqual(CidrSet.Of("10.0.0.0/8"), CidrSet.Of("10.0.0.0/9"));
    }

    private static uint[] Edges(IPNetwork network)
    {
        var first = BitConverter.ToUInt32([.. network.BaseAddress.GetAddressBytes().Reverse()]);
        var last = first | (network.PrefixLength == 0 ? uint.MaxValue : (uint)((1UL << (32 - network.PrefixLength)) - 1));
        return [first, last, unchecked(first - 1), unchecked(last + 1)];
    }

    private static IPAddress Address(uint value) => new([.. BitConverter.GetBytes(value).Reverse()]);

    private static IPAddress Masked(byte[] bytes, int bits)
    {
        var masked = (byte[])bytes.Clone();
        for (var bit = bits; bit < 128; bit++) masked[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPAddress(masked);
    }
}
