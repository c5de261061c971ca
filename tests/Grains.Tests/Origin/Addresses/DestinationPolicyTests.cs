using System.Net;
using CsCheck;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Tests.Origin.Addresses;

public sealed class DestinationPolicyTests
{
    [Theory]
    [InlineData("0.0.0.0", AddressRefusal.Unspecified)]
    [InlineData("0.1.2.3", AddressRefusal.Unspecified)]
    [InlineData("::", AddressRefusal.Unspecified)]
    [InlineData("127.0.0.1", AddressRefusal.Loopback)]
    [InlineData("127.255.255.255", AddressRefusal.Loopback)]
    [InlineData("::1", AddressRefusal.Loopback)]
    [InlineData("169.254.0.1", AddressRefusal.LinkLocal)]
    [InlineData("fe80::1", AddressRefusal.LinkLocal)]
    [InlineData("febf::1", AddressRefusal.LinkLocal)]
    [InlineData("10.0.0.1", AddressRefusal.Private)]
    [InlineData("172.16.0.1", AddressRefusal.Private)]
    [InlineData("172.31.255.255", AddressRefusal.Private)]
    [InlineData("192.168.1.1", AddressRefusal.Private)]
    [InlineData("fec0::1", AddressRefusal.Private)]
    [InlineData("100.64.0.1", AddressRefusal.Shared)]
    [InlineData("100.127.255.255", AddressRefusal.Shared)]
    [InlineData("fc00::1", AddressRefusal.UniqueLocal)]
    [InlineData("fdff::1", AddressRefusal.UniqueLocal)]
    [InlineData("224.0.0.1", AddressRefusal.Multicast)]
    [InlineData("239.255.255.255", AddressRefusal.Multicast)]
    [InlineData("ff02::1", AddressRefusal.Multicast)]
    [InlineData("255.255.255.255", AddressRefusal.Broadcast)]
    [InlineData("192.0.0.1", AddressRefusal.Reserved)]
    [InlineData("192.88.99.1", AddressRefusal.Reserved)]
    [InlineData("240.0.0.1", AddressRefusal.Reserved)]
    [InlineData("100::1", AddressRefusal.Reserved)]
    [InlineData("4000::1", AddressRefusal.Reserved)]
    [InlineData("2001:10::1", AddressRefusal.Reserved)]
    [InlineData("198.18.0.1", AddressRefusal.Benchmarking)]
    [InlineData("198.19.255.255", AddressRefusal.Benchmarking)]
    [InlineData("2001:2::1", AddressRefusal.Benchmarking)]
    [InlineData("192.0.2.1", AddressRefusal.Documentation)]
    [InlineData("198.51.100.1", AddressRefusal.Documentation)]
    [InlineData("203.0.113.1", AddressRefusal.Documentation)]
    [InlineData("2001:db8::1", AddressRefusal.Documentation)]
    [InlineData("3fff::1", AddressRefusal.Documentation)]
    [InlineData("169.254.169.254", AddressRefusal.Metadata)]
    [InlineData("169.254.170.2", AddressRefusal.Metadata)]
    [InlineData("100.100.100.200", AddressRefusal.Metadata)]
    [InlineData("168.63.129.16", AddressRefusal.Metadata)]
    [InlineData("192.0.0.192", AddressRefusal.Metadata)]
    [InlineData("fd00:ec2::254", AddressRefusal.Metadata)]
    [InlineData("64:ff9b:1::a00:1", AddressRefusal.LocalTranslation)]
    public void What_is_not_a_host_on_the_public_internet_is_refused_with_its_reason(string address, AddressRefusal refusal) =>
        Assert.Equal(refusal, DestinationPolicy.Default.Check(IPAddress.Parse(address)));

    [Theory]
    [InlineData("::ffff:127.0.0.1", AddressRefusal.Loopback)]            // IPv4-mapped
    [InlineData("::ffff:169.254.169.254", AddressRefusal.Metadata)]
    [InlineData("::ffff:0:10.0.0.1", AddressRefusal.Private)]            // IPv4-translated
    [InlineData("::10.0.0.1", AddressRefusal.Private)]                   // IPv4-compatible
    [InlineData("::2", AddressRefusal.Unspecified)]
    [InlineData("64:ff9b::10.0.0.1", AddressRefusal.Private)]            // NAT64
    [InlineData("64:ff9b::169.254.169.254", AddressRefusal.Metadata)]
    [InlineData("2002:7f00:1::1", AddressRefusal.Loopback)]              // 6to4
    [InlineData("2002:c0a8:101::", AddressRefusal.Private)]
    [InlineData("2001:0:a00:1::f7f7:f7f7", AddressRefusal.Private)]      // Teredo by its server 10.0.0.1; the client is 8.8.8.8
    [InlineData("2001:0:808:808::80ff:fffe", AddressRefusal.Loopback)]   // Teredo by its client 127.0.0.1; the server is 8.8.8.8
    public void An_ipv6_address_is_judged_by_the_ipv4_address_in_it(string address, AddressRefusal refusal) =>
        Assert.Equal(refusal, DestinationPolicy.Default.Check(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    [InlineData("2001:0:808:808::f7f7:f7f7")]
    public void The_public_internet_may_be_reached(string address) => Assert.Null(DestinationPolicy.Default.Check(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "64:ff9b::10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "2002:a01:203::1", true)]
    [InlineData("10.0.0.0/8", "192.168.0.1", false)]
    [InlineData("10.0.0.0/8", "2001:0:a00:1::80ff:fffe", false)]   // Teredo: the server is allowed, its client 127.0.0.1 is not
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("127.0.0.1", "::1", false)]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1::1", true)]
    [InlineData("fd00::/8", "fd00::1", true)]
    public void What_a_network_allows_may_be_reached_and_nothing_beside_it(string network, string address, bool allowed) =>
        Assert.Equal(allowed, new DestinationPolicy(CidrSet.Of(network)).Check(IPAddress.Parse(address)) is null);

    [Fact]
    public void Changed_settings_hold_at_the_next_check()
    {
        var allowed = CidrSet.Empty;
        var policy = new DestinationPolicy(() => allowed);

        Assert.NotNull(policy.Check(IPAddress.Loopback));
        allowed = CidrSet.Loopback;
        Assert.Null(policy.Check(IPAddress.Loopback));
    }

    [Fact]
    public void No_form_of_an_ipv4_address_is_let_through_that_is_refused_by_itself() => Gen.Byte.Array[4].Sample(v4 =>
    {
        var policy = DestinationPolicy.Default;
        var refused = policy.Check(new IPAddress(v4)) is not null;
        byte[][] forms =
        [
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, .. v4],
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. v4],
            [0x20, 0x02, .. v4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0x20, 0x01, 0, 0, 8, 8, 8, 8, 0, 0, 0, 0, .. v4.Select(b => (byte)~b)],
        ];
        return forms.All(form => policy.Check(new IPAddress(form)) is not null == refused);
    });
}
