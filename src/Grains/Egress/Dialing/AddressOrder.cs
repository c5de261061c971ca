using System.Net;
using System.Net.Sockets;

namespace Granary.Grains.Egress.Dialing;

/// <summary>
/// In which order addresses are tried: families in turns (RFC 8305 §4), within a family as the resolver gave them (RFC 6724 §6), and behind all others those that failed lately.
/// </summary>
internal static class AddressOrder
{
    /// <summary>A name may have hundreds: whoever owns it shall not have that many connections for one request.</summary>
    internal const int Most = 16;

    /// <returns>None if no address has a family that may be used.</returns>
    public static IPAddress[] Of(IEnumerable<IPAddress> addresses, AddressFamilies families, SourceAddresses? from, Func<IPAddress, bool> isAvoided)
    {
        // ::ffff:0:0/96 has no route of its own.
        var usable = addresses.Select(static address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).Distinct().Where(address => MayUse(address, families) && (from is null || from.For(address) is not null)).ToArray();
        if (usable.Length <= 1) return usable;
        var inTurns = InTurns(usable, families is AddressFamilies.IPv4First ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6).ToArray();
        var avoided = Array.ConvertAll(inTurns, address => isAvoided(address));
        return [.. inTurns.Where((_, at) => !avoided[at]).Concat(inTurns.Where((_, at) => avoided[at])).Take(Most)];
    }

    private static bool MayUse(IPAddress address, AddressFamilies families) => families switch
    {
        AddressFamilies.IPv4Only => address.AddressFamily is AddressFamily.InterNetwork,
        AddressFamilies.IPv6Only => address.AddressFamily is AddressFamily.InterNetworkV6,
        _ => true,
    };

    private static IEnumerable<IPAddress> InTurns(IPAddress[] addresses, AddressFamily first)
    {
        var (some, others) = (addresses.Where(address => address.AddressFamily == first).ToArray(), addresses.Where(address => address.AddressFamily != first).ToArray());
        for (var i = 0; i < Math.Max(some.Length, others.Length); i++)
        {
            if (i < some.Length) yield return some[i];
            if (i < others.Length) yield return others[i];
        }
    }
}
