namespace Granary.Silo.Configuration.Values;

/// <summary>Where a redirection leads: a path of the host that was asked for, or a URL.</summary>
public sealed class RedirectToAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "URL";

    public override string Allowed => "a path such as /new or a URL such as https://www.example.com/new; with /* at the end what the asterisk of From stands for comes there";

    public override object? Read(string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.AsSpan().ContainsAny("\\<>\"") || text.StartsWith("//", StringComparison.Ordinal)) return null;
        var star = text.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0 && (star != text.Length - 1 || star == 0 || text[star - 1] != '/' || text.AsSpan().ContainsAny("?#"))) return null;
        return text.StartsWith('/') || OriginName.Parse(text.Split('?', '#')[0].TrimEnd('*')) is not null ? text : null;
    }
}
