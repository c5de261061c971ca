using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of texts, such as names of users, that may have spaces in them.</summary>
public sealed class TextsAttribute(string summary) : SettingAttribute(summary)
{
    private const int Most = 256;

    public override bool IsList => true;

    public override string Argument => "NAMES";

    public override string Allowed => $"names of 1 to {Most} characters, separated by ; or ,";

    public override object? Read(string text)
    {
        var texts = text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return texts.Length > 0 && texts.All(static each => each.Length is > 0 and <= Most && !each.Any(char.IsControl)) ? texts.ToImmutableArray() : null;
    }

    public override string Show(object value) => string.Join(", ", (ImmutableArray<string>)value);
}
