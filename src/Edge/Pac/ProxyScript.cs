using System.Text;
using Granary.Silo.Configuration;

namespace Granary.Edge.Pac;

/// <summary>Proxy auto-configuration, as Netscape defined it and browsers have it: a function that says for each URL which proxy to use. What comes into it are names that the settings have checked.</summary>
internal static class ProxyScript
{
    public const string Type = "application/x-ns-proxy-autoconfig";

    public static string Of(PacSettings settings)
    {
        var script = new StringBuilder("function FindProxyForURL(url, host) {\n  host = host.toLowerCase();\n  if (isPlainHostName(host) || host == \"127.0.0.1\" || host == \"::1\" || host == \"[::1]\") return \"DIRECT\";\n");
        foreach (var name in settings.Direct) script.Append("  if (").Append(Matches(name)).Append(") return \"DIRECT\";\n");
        return script.Append("  return \"").AppendJoin("; ", settings.Proxy.Select(Word)).Append("\";\n}\n").ToString();
    }

    private static string Matches(string name) => name switch
    {
        "*" => "true",
        ['*', '.', ..] => $"dnsDomainIs(host, \"{name[1..].ToLowerInvariant()}\")",
        _ => $"host == \"{name.ToLowerInvariant()}\"",
    };

    private static string Word(Uri proxy) => $"{(proxy.Scheme == Uri.UriSchemeHttp ? "PROXY" : proxy.Scheme == Uri.UriSchemeHttps ? "HTTPS" : "SOCKS5")} {proxy.Host}:{proxy.Port}";
}
