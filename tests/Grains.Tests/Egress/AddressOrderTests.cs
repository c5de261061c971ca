using System.Net;
using Granary.Grains.Egress;
using Granary.Grains.Egress.Dialing;

namespace Granary.Grains.Tests.Egress;

[Trait("Spec", "RFC 8305 §4")]
public sealed class AddressOrderTests
{
    [Theory]
    [InlineData("1.1.1.1 1.1.1.2 2a00::1 2a00::2", AddressFamilies.IPv6First, "2a00::1 1.1.1.1 2a00::2 1.1.1.2")]
    [InlineData("1.1.1.1 1.1.1.2 1.1.1.3 2a00::1", AddressFamilies.IPv6First, "2a00::1 1.1.1.1 1.1.1.2 1.1.1.3")]
    [InlineData("2a00::1 2a00::2 1.1.1.1", AddressFamilies.IPv4First, "1.1.1.1 2a00::1 2a00::2")]
    [InlineData("2a00::1 1.1.1.1", AddressFamilies.IPv4Only, "1.1.1.1")]
    [InlineData("2a00::1 1.1.1.1", AddressFamilies.IPv6Only, "2a00::1")]
    [InlineData("2a00::1", AddressFamilies.IPv4Only, "")]
    [InlineData("::ffff:1.1.1.1 1.1.1.1", AddressFamilies.IPv6First, "1.1.1.1")]
    public void Families_come_in_turns_and_each_address_once(string addresses, AddressFamilies families, string expected) =>
        Assert.Equal(expected, Ordered(addresses, families));

    [Fact]
    public void What_failed_lately_comes_last_in_the_same_order() =>
        Assert.Equal("1.1.1.1 2a00::1 2a00::2", Ordered("1.1.1.1 2a00::1 2a00::2", avoided: "2a00::1 2a00::2"));

    [Fact]
    public void Where_all_failed_lately_all_are_tried_all_the_same() => Assert.Equal("2a00::1 1.1.1.1", Ordered("1.1.1.1 2a00::1", avoided: "2a00::1 1.1.1.1"));

    [Fact]
    public void A_name_with_hundreds_of_addresses_has_no_more_than_some_tried() =>
        Assert.Equal(AddressOrder.Most, AddressOrder.Of(Enumerable.Range(0, 500).Select(static i => new IPAddress([1, 1, (byte)(i >> 8), (byte)i])), default, null, static _ => false).Length);

    [Fact]
    public void A_family_that_has_no_source_address_is_not_used() =>
        Assert.Equal("1.1.1.1", Ordered("1.1.1.1 2a00::1", from: SourceAddresses.Of([IPAddress.Parse("192.0.2.1")])));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::1 ::ffff:192.0.2.1", "192.0.2.1, 2001:db8::1")]
    [InlineData("192.0.2.1 192.0.2.2", null)]
    [InlineData("0.0.0.0", null)]
    [InlineData("::", null)]
    [InlineData("224.0.0.1", null)]
    [InlineData("ff02::1", null)]
    [InlineData("255.255.255.255", null)]
    [InlineData("", null)]
    public void Source_addresses_are_one_of_each_family_at_most_and_those_of_somebody(string addresses, string? expected) =>
        Assert.Equal(expected, SourceAddresses.Of(Parsed(addresses))?.ToString());

    private static string Ordered(string addresses, AddressFamilies families = default, string avoided = "", SourceAddresses? from = null) =>
        string.Join(' ', (IEnumerable<IPAddress>)AddressOrder.Of(Parsed(addresses), families, from, Parsed(avoided).Contains));

    private static IPAddress[] Parsed(string addresses) => [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
}
