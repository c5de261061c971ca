using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of media types without parameters (RFC 9110 §8.3.1); a subtype may be an asterisk.</summary>
public sealed class MediaTypesAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly TokenAttribute Part = new("", most: 127);

    public override bool IsList => true;

    public override string Argument => "TYPES";

    public override string Allowed => "media types such as text/html or text/*, separated by ; or ,";

    public override object? Read(string text)
    {
        var types = Lists.Split(text);
        return types.Length > 0 && types.All(IsType) ? types.ToImmutableArray() : null;
    }

    public override string Show(object value) => string.Join(", ", (ImmutableArray<string>)value);

    private static bool IsType(string text) =>
        text.Split('/') is [var type, var subtype] && IsToken(type) && (subtype == "*" || IsToken(subtype));

    private static bool IsToken(string part) => Part.Read(part) is not null && !part.Contains('*', StringComparison.Ordinal);
}
