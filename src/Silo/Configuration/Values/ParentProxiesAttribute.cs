using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>Proxies that connections go through.</summary>
public sealed class ParentProxiesAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly string[] Schemes = ["http", "socks5"];

    public override bool IsList => true;

    public override string Argument => "URLS";

    public override string Allowed => "URLs such as http://proxy-1.example.com:3128;http://proxy-2.example.com:3128 or socks5://10.0.0.1:1080, separated by ; or ,, all with the same scheme, no user and no path";

    public override object? Read(string text)
    {
        var proxies = Lists.Split(text).Select(One).ToArray();
        return Array.Exists(proxies, static one => one is null) || proxies.DistinctBy(static one => one!.Scheme).Count() > 1 ? null : proxies.Select(static one => one!).ToImmutableArray();
    }

    public override string Show(object value) => string.Join(';', ((ImmutableArray<Uri>)value).Select(static one => one.GetLeftPart(UriPartial.Authority)));

    // Uri has no port of its own for SOCKS, so it has to be written.
    private static Uri? One(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && Schemes.Contains(uri.Scheme) && uri.Port > 0 && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.PathAndQuery is "/" or "" && uri.Fragment.Length == 0
            ? uri
            : null;
}
