namespace Granary.Silo.Configuration.Values;

/// <summary>A field value, RFC 9110 §5.5.</summary>
public sealed class FieldValueAttribute(string summary) : SettingAttribute(summary)
{
    private const int Most = 4096;

    public override string Argument => "VALUE";

    public override string Allowed => $"at most {Most} visible ASCII characters, spaces and tabs";

    public override object? Read(string text) => text.Length <= Most && text.All(static c => c is '\t' or (>= ' ' and < '\x7f')) ? text : null;
}
