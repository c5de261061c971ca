using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of destinations, each only once.</summary>
public sealed class DestinationsAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "HOST:PORT";

    public override string Allowed => "host:port such as sftp-1.internal:22, 10.0.0.1:22, [fd00::1]:22 or 10.0.0.1:50000-50099, separated by ; or ,, each only once";

    public override object? Read(string text)
    {
        var destinations = Lists.Split(text).Select(TcpDestination.Parse).ToArray();
        return destinations.Length == 0 || destinations.Contains(null) || destinations.Distinct().Count() < destinations.Length ? null : destinations.ToImmutableArray();
    }

    public override string Show(object value) => (ImmutableArray<TcpDestination>)value is { IsEmpty: false } list ? string.Join(';', list) : "none";
}
