using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>Names as certificates have them: an asterisk stands for one label, as in RFC 9525 §6.3, or for every other name.</summary>
public sealed class HostNamesAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly HostPatternAttribute Pattern = new("");

    public override bool IsList => true;

    public override string Argument => "HOSTS";

    public override string Allowed => "host names such as www.example.com, *.example.com for one label in place of the asterisk, or * for every other name, separated by ; or ,";

    public override object? Read(string text)
    {
        var names = Lists.Split(text).Select(static name => Pattern.Read(name) as string).ToArray();
        return names.Length == 0 || names.Contains(null) ? null : names.Select(static name => name!).ToImmutableArray();
    }

    public override string Show(object value) => string.Join(";", (ImmutableArray<string>)value);
}

/// <summary>One name, without an asterisk.</summary>
public sealed class HostNameAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly HostPatternAttribute Pattern = new("");

    public override string Argument => "HOST";

    public override string Allowed => "a host name such as www.example.com";

    public override object? Read(string text) => text.Contains('*', StringComparison.Ordinal) ? null : Pattern.Read(text);
}
