using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of TCP ports and ranges of them.</summary>
public sealed class PortsAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "PORTS";

    public override string Allowed => "ports from 1 to 65535 and ranges such as 8000-8099, separated by ; or ,, or nothing";

    public override object? Read(string text)
    {
        var ports = ImmutableArray.CreateBuilder<PortRange>();
        foreach (var each in Lists.Split(text))
        {
            if (PortRange.ParseAny(each) is not { First: > 0 } range) return null;
            ports.Add(range);
        }

        return ports.ToImmutable();
    }

    public override string Show(object value) => (ImmutableArray<PortRange>)value is { IsEmpty: false } ports ? string.Join(", ", ports) : "none";
}
