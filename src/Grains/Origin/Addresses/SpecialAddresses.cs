using System.Net;

namespace Granary.Grains.Origin.Addresses;

/// <summary>The address blocks that are not somebody else's host on the Internet: the IANA special-purpose registries (RFC 6890), and metadata services.</summary>
internal static class SpecialAddresses
{
    // First match wins: what names the danger best stands first.
    private static readonly (CidrSet Networks, AddressRefusal Refusal)[] Blocks =
    [
        (CidrSet.Of("169.254.169.254", "169.254.169.253", "169.254.169.123", "169.254.170.2", "169.254.170.23", "168.63.129.16", "100.100.100.200",
            "192.0.0.192", "fd00:ec2::/64", "fd20:ce::/64", "fd00:c1::a9fe:a9fe"), AddressRefusal.Metadata),
        (CidrSet.Of("0.0.0.0/8", "::/128"), AddressRefusal.Unspecified),
        (CidrSet.Loopback, AddressRefusal.Loopback),
        (CidrSet.Of("169.254.0.0/16", "fe80::/10"), AddressRefusal.LinkLocal),
        (CidrSet.Of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fec0::/10"), AddressRefusal.Private),
        (CidrSet.Of("100.64.0.0/10"), AddressRefusal.Shared),
        (CidrSet.Of("fc00::/7"), AddressRefusal.UniqueLocal),
        (CidrSet.Of("255.255.255.255"), AddressRefusal.Broadcast),
        (CidrSet.Of("224.0.0.0/4", "ff00::/8"), AddressRefusal.Multicast),
        (CidrSet.Of("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"), AddressRefusal.Documentation),
        (CidrSet.Of("198.18.0.0/15", "2001:2::/48"), AddressRefusal.Benchmarking),
        (CidrSet.Of("64:ff9b:1::/48"), AddressRefusal.LocalTranslation),
        (CidrSet.Of("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4", "2001::/23"), AddressRefusal.Reserved),
    ];

    // Only 2000::/3 has been given out for use (RFC 4291 §4, IANA IPv6 address space).
    private static readonly CidrSet GlobalUnicast = CidrSet.Of("0.0.0.0/0", "2000::/3");

    public static AddressRefusal? Find(IPAddress address)
    {
        foreach (var (networks, refusal) in Blocks)
            if (networks.Contains(address)) return refusal;
        return GlobalUnicast.Contains(address) ? null : AddressRefusal.Reserved;
    }
}
