namespace Granary.Silo.Configuration.Values;

/// <summary>A name as hosts and pods have them.</summary>
public sealed class NameAttribute(string summary) : SettingAttribute(summary)
{
    private const int Most = 253;

    public override string Argument => "NAME";

    public override string Allowed => $"1 to {Most} letters, digits or any of .-_";

    public override object? Read(string text) =>
        text.Length is > 0 and <= Most && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? text : null;
}
