using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>Proxies as browsers name them.</summary>
public sealed class ProxiesAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly string[] Schemes = ["http", "https", "socks5"];

    public override bool IsList => true;

    public override string Argument => "URLS";

    public override string Allowed => "URLs such as http://proxy.example.com:8080, https://proxy.example.com:8443 or socks5://10.0.0.1:8080, separated by ; or ,";

    public override object? Read(string text)
    {
        var proxies = Lists.Split(text).Select(One).ToArray();
        return proxies.Length == 0 || Array.Exists(proxies, static one => one is null) ? null : proxies.Select(static one => one!).ToImmutableArray();
    }

    public override string Show(object value) => string.Join(';', ((ImmutableArray<Uri>)value).Select(static one => one.GetLeftPart(UriPartial.Authority)));

    // What is read here comes into a script.
    private static Uri? One(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && Schemes.Contains(uri.Scheme) && uri.Port > 0 && uri.UserInfo.Length == 0 && uri.PathAndQuery is "/" or "" && uri.Fragment.Length == 0
            && uri.Host.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']')
            ? uri
            : null;
}
