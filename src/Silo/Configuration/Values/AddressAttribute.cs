using System.Net;

namespace Granary.Silo.Configuration.Values;

/// <summary>One address that others can reach.</summary>
public sealed class AddressAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "IP";

    public override string Allowed => "one IPv4 or IPv6 address of this machine, such as 10.0.0.7; not 0.0.0.0";

    public override object? Read(string text) =>
        (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3) && IPAddress.TryParse(text, out var address)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast) && !address.IsIPv6Multicast
            ? address
            : null;
}
