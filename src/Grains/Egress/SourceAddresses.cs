using System.Net;
using System.Net.Sockets;

namespace Granary.Grains.Egress;

/// <summary>Addresses of this machine that connections come from. What has no address of a family does not connect by that family: it would show another address than the one that was asked for.</summary>
public sealed record SourceAddresses(IPAddress? V4, IPAddress? V6)
{
    /// <returns>Null if there is none, more than one of a family, or one that no connection comes from.</returns>
    public static SourceAddresses? Of(IEnumerable<IPAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var all = addresses.Select(static address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToArray();
        if (all.Length is 0 or > 2 || all.Any(IsNobodys) || all.DistinctBy(static address => address.AddressFamily).Count() != all.Length) return null;
        return new SourceAddresses(all.FirstOrDefault(Is(AddressFamily.InterNetwork)), all.FirstOrDefault(Is(AddressFamily.InterNetworkV6)));
    }

    /// <summary>The one for a connection to that address; null if there is none.</summary>
    public IPAddress? For(IPAddress destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return destination.AddressFamily is AddressFamily.InterNetwork ? V4 : V6;
    }

    public override string ToString() => string.Join(", ", new[] { V4, V6 }.Where(static address => address is not null));

    private static Func<IPAddress, bool> Is(AddressFamily family) => address => address.AddressFamily == family;

    private static bool IsNobodys(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast) || address.IsIPv6Multicast
        || (address.AddressFamily is AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and <= 239);
}
