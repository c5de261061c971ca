using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of field names (RFC 9110 §5.1), in order; an empty text is an empty list.</summary>
public sealed class FieldNamesAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly TokenAttribute Name = new("", most: 64);

    public override bool IsList => true;

    public override string Argument => "NAMES";

    public override string Allowed => "field names such as CDN-Cache-Control, separated by ; or ,, or nothing";

    public override object? Read(string text)
    {
        var names = Lists.Split(text);
        return names.All(name => Name.Read(name) is not null) ? names.ToImmutableArray() : null;
    }

    public override string Show(object value) => string.Join(", ", (ImmutableArray<string>)value);
}
