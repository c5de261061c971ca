using System.Net;
using Granary.Grains.Egress;

namespace Granary.Silo.Configuration.Values;

/// <summary>Addresses that connections come from, one of each family at most.</summary>
public sealed class SourcesAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "IPS";

    public override string Allowed => "one IPv4 address, one IPv6 address, or one of each separated by ; or ,; of this machine, such as 203.0.113.7;2001:db8::7, not 0.0.0.0 and no multicast";

    public override object? Read(string text)
    {
        var addresses = new List<IPAddress>();
        foreach (var part in Lists.Split(text))
        {
            var isWhole = part.Contains(':', StringComparison.Ordinal) || part.Count(static c => c == '.') == 3;
            if (!isWhole || part.Contains('%', StringComparison.Ordinal) || part.Contains('[', StringComparison.Ordinal) || !IPAddress.TryParse(part, out var address)) return null;
            addresses.Add(address);
        }

        return SourceAddresses.Of(addresses);
    }
}
