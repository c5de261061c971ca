using System.Net;

namespace Granary.Grains.Origin.Addresses;

/// <summary>
/// Which addresses a client may make the proxy connect to. Whatever is not a host on the public Internet is refused until a CIDR allows it;
/// an address that carries an IPv4 address inside is judged by that one as well.
/// </summary>
public sealed class DestinationPolicy(CidrSet allowed)
{
    /// <summary>The policy that allows the public Internet and nothing else.</summary>
    public static readonly DestinationPolicy Default = new(CidrSet.Empty);

    /// <summary>The reason to refuse the address; null if one may connect to it.</summary>
    public AddressRefusal? Check(IPAddress address)
    {
        if (allowed.Contains(address)) return null;
        if (!EmbeddedAddress.TryFind(address, out var first, out var second)) return SpecialAddresses.Find(address);
        return CheckEmbedded(first) ?? (first == second ? null : CheckEmbedded(second));
    }

    private AddressRefusal? CheckEmbedded(uint value)
    {
        var address = EmbeddedAddress.ToAddress(value);
        return allowed.Contains(address) ? null : SpecialAddresses.Find(address);
    }
}
