namespace Granary.Silo.Configuration.Values;

/// <summary>What a redirection is for.</summary>
public sealed class RedirectFromAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "[HOST]/PATH";

    public override string Allowed => "a path such as /old, or /old/* for all below it, behind a host name or not: www.example.com/*";

    public override object? Read(string text) => RedirectFrom.Parse(text);
}
