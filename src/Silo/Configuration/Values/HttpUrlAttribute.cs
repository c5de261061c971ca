namespace Granary.Silo.Configuration.Values;

/// <summary>An absolute URL of something on a web server.</summary>
public sealed class HttpUrlAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "URL";

    public override string Allowed => "an absolute URL such as https://www.example.com/page: http or https, no user";

    public override object? Read(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.AsSpan().ContainsAny("\\<>\"") && OriginName.Parse(text.Split('?', '#')[0]) is not null
        && Uri.TryCreate(text, UriKind.Absolute, out _) ? text : null;
}
