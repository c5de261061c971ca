namespace Granary.Silo.Configuration.Values;

/// <summary>One of the names of an enumeration.</summary>
public sealed class OneOfAttribute(string summary, Type enumeration) : SettingAttribute(summary)
{
    public override string Argument => "NAME";

    public override string Allowed => string.Join(", ", Enum.GetNames(enumeration));

    // Enum.Parse would take numbers and lists too.
    public override object? Read(string text) =>
        Enum.GetNames(enumeration).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known ? Enum.Parse(enumeration, known) : null;
}
