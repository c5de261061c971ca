namespace Granary.Silo.Configuration.Values;

/// <summary>Yes or no.</summary>
public sealed class FlagAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "true|false";

    public override string Allowed => "true or false";

    public override object? Read(string text) => bool.TryParse(text, out var value) ? value : null;

    public override string? Suggest(string text) => text.ToUpperInvariant() switch
    {
        "1" or "YES" or "ON" => "true",
        "0" or "NO" or "OFF" => "false",
        _ => null,
    };

    public override string Show(object value) => (bool)value ? "true" : "false";
}
