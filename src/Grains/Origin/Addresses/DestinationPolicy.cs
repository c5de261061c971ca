using System.Net;

namespace Granary.Grains.Origin.Addresses;

/// <summary>
/// Which addresses a client may make the proxy connect to. Whatever is not a host on the public Internet is refused until a CIDR allows it;
/// an address that carries an IPv4 address inside is judged by that one as well.
/// </summary>
/// <param name="allowed">Asked with each check, so that changed settings hold at once.</param>
public sealed class DestinationPolicy(Func<CidrSet> allowed)
{
    /// <summary>The policy that allows the public Internet and nothing else.</summary>
    public static readonly DestinationPolicy Default = new(CidrSet.Empty);

    public DestinationPolicy(CidrSet allowed) : this(() => allowed) { }

    /// <summary>The reason to refuse the address; null if one may connect to it.</summary>
    public AddressRefusal? Check(IPAddress address)
    {
        var allow = allowed();
        if (allow.Contains(address)) return null;
        if (!EmbeddedAddress.TryFind(address, out var first, out var second)) return SpecialAddresses.Find(address);
        return CheckEmbedded(first, allow) ?? (first == second ? null : CheckEmbedded(second, allow));
    }

    private static AddressRefusal? CheckEmbedded(uint value, CidrSet allow)
    {
        var address = EmbeddedAddress.ToAddress(value);
        return allow.Contains(address) ? null : SpecialAddresses.Find(address);
    }
}
