using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of hosts, domains and names of lists of them.</summary>
public sealed class HostPatternsAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "HOSTS";

    public override string Allowed => "hosts such as www.example.com or 192.0.2.1, .example.com for a domain and all below it, *.example.com for all below it, * for all, list:NAME for one of Granary:Policy:Lists, separated by ; or ,";

    public override object? Read(string text)
    {
        var hosts = Lists.Split(text).Select(HostPattern.Parse).ToArray();
        return hosts.Length == 0 || hosts.Contains(null) ? null : hosts.Select(static host => host!).ToImmutableArray();
    }

    public override string Show(object value) => string.Join(", ", (ImmutableArray<HostPattern>)value);
}
