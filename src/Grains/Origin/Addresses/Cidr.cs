using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Granary.Grains.Origin.Addresses;

/// <summary>Reads one network: <c>10.0.0.0/8</c>, <c>fd00::/8</c>, or an address alone, which means just that address.</summary>
public static class Cidr
{
    // Before the prefix of ::ffff:0:0/96: such a network names IPv4 addresses.
    private const int MappedPrefix = 96;

    public static bool TryParse(string text, [NotNullWhen(true)] out IPNetwork? network)
    {
        network = null;
        // IPAddress.TryParse reads "10", "10.1" and "0x0a000001" as addresses; in a policy those are mistakes.
        if (text.Contains(':', StringComparison.Ordinal) ? text.Contains('%', StringComparison.Ordinal) : !IsDotted(text)) return false;
        if (!text.Contains('/', StringComparison.Ordinal))
        {
            if (!IPAddress.TryParse(text, out var address)) return false;
            text = $"{text}/{(address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)}";
        }

        // IPNetwork clears the bits behind the prefix; to allow 10.0.0.1/8 silently as 10.0.0.0/8 would allow more than was read.
        if (!IPNetwork.TryParse(text, out var parsed) || !parsed.BaseAddress.Equals(IPAddress.Parse(text.AsSpan(0, text.IndexOf('/'))))) return false;
        network = Unmapped(parsed);
        return true;
    }

    private static bool IsDotted(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 ? text : text[..slash]).AsSpan().Count('.') == 3;
    }

    private static IPNetwork Unmapped(IPNetwork network) =>
        network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefix
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefix)
            : network;
}
