namespace Granary.Silo.Configuration.Values;

/// <summary>A bearer token: what fits into an <c>Authorization</c> field after <c>Bearer</c>. Never shown.</summary>
public sealed class SecretAttribute : SettingAttribute
{
    private const int Most = 4096;

    public SecretAttribute(string summary) : base(summary) => IsSecret = true;

    public override string Argument => "TOKEN";

    public override string Allowed => $"1 to {Most} visible ASCII characters without spaces";

    public override object? Read(string text) => text.Length is > 0 and <= Most && text.All(c => c is > ' ' and < '\x7f') ? text : null;

    public override string Show(object value) => "(hidden)";
}
