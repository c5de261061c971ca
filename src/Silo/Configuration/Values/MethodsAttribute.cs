using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of methods. RFC 9110 §9.1.</summary>
public sealed class MethodsAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly TokenAttribute Method = new("", most: 64);

    public override bool IsList => true;

    public override string Argument => "METHODS";

    public override string Allowed => "methods such as GET or POST, separated by ; or ,";

    public override object? Read(string text)
    {
        var methods = Lists.Split(text);
        return methods.Length > 0 && methods.All(static method => Method.Read(method) is not null) ? methods.ToImmutableArray() : null;
    }

    public override string Show(object value) => string.Join(", ", (ImmutableArray<string>)value);
}
