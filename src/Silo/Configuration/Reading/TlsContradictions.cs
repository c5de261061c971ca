namespace Granary.Silo.Configuration.Reading;

/// <summary>What of TLS towards clients and origins cannot be as it is written.</summary>
internal static class TlsContradictions
{
    // hstspreload.org asks for both, and a host gets off the list only after months.
    private static readonly TimeSpan LeastForPreload = TimeSpan.FromDays(365);

    public static IEnumerable<(string Key, string? Value, string Allowed)> In(GranarySettings settings) =>
        [.. Certificates(settings.Tls), .. Clients(settings.Tls), .. Redirects(settings), .. Hsts(settings.Tls.Hsts), .. Http3(settings), .. Origins(settings)];

    private static IEnumerable<(string, string?, string)> Certificates(ServerTlsSettings tls)
    {
        var hosts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < tls.Certificates.Length; i++)
        {
            foreach (var host in tls.Certificates[i].Hosts)
                if (!hosts.TryAdd(host, i)) yield return ($"Granary:Tls:Certificates:{i}:Hosts", host, "each name only once");
        }
    }

    private static IEnumerable<(string, string?, string)> Clients(ServerTlsSettings tls)
    {
        if (tls.ClientCertificates is ClientCertificates.Off)
        {
            if (tls.ClientSubjectField is { } field) yield return ("Granary:Tls:ClientSubjectField", field, "only together with Granary:Tls:ClientCertificates");
            yield break;
        }

        if (tls.ClientAuthority is null) yield return ("Granary:Tls:ClientAuthority", null, "a file, since clients are asked for certificates");
        if (tls.Certificates.IsEmpty) yield return ("Granary:Tls:ClientCertificates", $"{tls.ClientCertificates}", "Off, or Granary:Tls:Certificates as well: with Kestrel's own certificate nobody is asked");
    }

    private static IEnumerable<(string, string?, string)> Redirects(GranarySettings settings)
    {
        var from = settings.Tls.RedirectFrom;
        if (from.IsNone) yield break;
        foreach (var listener in from.Some.Where(listener => !settings.Listen.Contains(listener)))
            yield return ("Granary:Tls:RedirectFrom", $"{listener}", $"listeners of Granary:Listen ({string.Join(';', settings.Listen)})");
        if (settings.Tls.RedirectPort is null && !settings.Listen.Any(static listener => listener.IsHttps && listener.Port != 0))
            yield return ("Granary:Tls:RedirectPort", null, "a port, since no listener with https has a fixed one");
    }

    private static IEnumerable<(string, string?, string)> Hsts(HstsSettings hsts)
    {
        if (hsts.Preload && (!hsts.IncludeSubDomains || hsts.MaxAge < LeastForPreload))
            yield return ("Granary:Tls:Hsts:Preload", "true", "only together with Granary:Tls:Hsts:IncludeSubDomains and a MaxAge of at least 365d");
        if (hsts.IncludeSubDomains && hsts.MaxAge == TimeSpan.Zero)
            yield return ("Granary:Tls:Hsts:IncludeSubDomains", "true", "only together with a Granary:Tls:Hsts:MaxAge, such as 1h to try it");
    }

    private static IEnumerable<(string, string?, string)> Http3(GranarySettings settings)
    {
        if (!settings.Tls.Http3) yield break;
        if (settings.Tls.Certificates.IsEmpty) yield return ("Granary:Tls:Http3", "true", "only together with Granary:Tls:Certificates");
        if (settings.Client.ProxyProtocol is not ProxyProtocolIn.None) yield return ("Granary:Tls:Http3", "true", "false with Granary:Client:ProxyProtocol: there is no PROXY header over QUIC");
    }

    private static IEnumerable<(string, string?, string)> Origins(GranarySettings settings)
    {
        var tls = settings.Fetch.Tls;
        if (!tls.TrustSystem && tls.Authority is null) yield return ("Granary:Fetch:Tls:TrustSystem", "false", "only together with Granary:Fetch:Tls:Authority: else nobody is trusted");
        // A silo of a cluster has no origin and needs the name all the same.
        if (tls.ServerName is { } name && settings.Origin?.Scheme != Uri.UriSchemeHttps && (settings.Origin is not null || settings.Cluster.Redis is null))
            yield return ("Granary:Fetch:Tls:ServerName", name, "only together with a Granary:Origin with https; the destinations of a cluster have a Host of their own");
        if (tls.Certificate is null && tls.Key is { } key) yield return ("Granary:Fetch:Tls:Key", key, "only together with Granary:Fetch:Tls:Certificate");
    }
}
