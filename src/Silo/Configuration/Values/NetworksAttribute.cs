using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Granary.Grains.Origin.Addresses;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of networks.</summary>
public sealed class NetworksAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "CIDR";

    public override string Allowed => "networks such as 10.0.0.0/8 or fd00::/8, or single addresses, separated by ; or ,";

    public override object? Read(string text)
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var part in Lists.Split(text))
        {
            if (!Cidr.TryParse(part, out var network)) return null;
            networks.Add(network.Value);
        }

        return new CidrSet(networks.ToImmutable());
    }

    public override string? Suggest(string text)
    {
        var parts = Lists.Split(text).Select(part => Cidr.TryParse(part, out _) ? part : BaseOf(part)).ToArray();
        return parts.Contains(null) ? null : string.Join(';', parts);
    }

    public override string Show(object value) => ((CidrSet)value).ToString();

    // 10.1.2.3/8 was meant as 10.0.0.0/8: the bits behind the prefix have to be zero.
    private static string? BaseOf(string part)
    {
        if (part.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return "127.0.0.0/8;::1";
        if (part.Split('/') is not [var text, var prefix] || !IPAddress.TryParse(text, out var address) || !int.TryParse(prefix, out var bits)) return null;
        var width = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (bits < 0 || bits > width) return null;
        var bytes = address.GetAddressBytes();
        for (var bit = bits; bit < width; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return $"{new IPAddress(bytes)}/{bits}";
    }
}
