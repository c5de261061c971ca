namespace Granary.Silo.Configuration.Reading;

/// <summary>What of the users of the forward proxy, and of the log of what they did, cannot be as it is written.</summary>
internal static class UserContradictions
{
    public static IEnumerable<(string Key, string? Value, string Allowed)> In(GranarySettings settings) => [.. Users(settings), .. Tokens(settings.Users.Bearer), .. Certificates(settings), .. AccessLog(settings.AccessLog), .. Pac(settings)];

    private static IEnumerable<(string, string?, string)> Users(GranarySettings settings)
    {
        var users = settings.Users;
        if (users.Required && settings.Origin is not null) yield return ("Granary:Users:Required", "true", "false with Granary:Origin: only the forward proxy asks who clients are");
        if (users.Groups is { } groups && users is { File: null, Certificates: CertificateUser.Off }) yield return ("Granary:Users:Groups", groups, "only together with Granary:Users:File or Granary:Users:Certificates; tokens say themselves which groups they are of");
        if (users.Required && users is { File: null, Certificates: CertificateUser.Off, Bearer: { Authority: null, Keys: null } })
            yield return ("Granary:Users:Required", "true", "false, or one of Granary:Users:File, Granary:Users:Certificates, Granary:Users:Bearer:Authority as well: else nobody is let in");
    }

    private static IEnumerable<(string, string?, string)> Tokens(BearerSettings tokens)
    {
        if (tokens is { Authority: null, Keys: null }) yield break;
        if (tokens is { Authority: { } both, Keys: not null }) yield return ("Granary:Users:Bearer:Authority", $"{both}", "either this or Granary:Users:Bearer:Keys");
        if (tokens.Authority is { IsLoopback: false } open && open.Scheme != Uri.UriSchemeHttps) yield return ("Granary:Users:Bearer:Authority", $"{open}", "https: whoever can change what comes from there signs tokens");
        if (string.IsNullOrEmpty(tokens.Audience)) yield return ("Granary:Users:Bearer:Audience", null, "an audience, since tokens are taken: one made for somebody else is none for here");
        if (tokens.Keys is not null && string.IsNullOrEmpty(tokens.Issuer)) yield return ("Granary:Users:Bearer:Issuer", null, "an issuer, since Granary:Users:Bearer:Keys does not say whose they are");
        if (tokens.Path.Length > 0 && (!tokens.Path.StartsWith('/') || tokens.Path.AsSpan().ContainsAny(" ?#\\"))) yield return ("Granary:Users:Bearer:Path", tokens.Path, "a path such as /realms/example");
    }

    private static IEnumerable<(string, string?, string)> Pac(GranarySettings settings)
    {
        var pac = settings.Pac;
        if (pac.File is { } file && !pac.Proxy.IsEmpty) yield return ("Granary:Pac:File", file, "either this or Granary:Pac:Proxy");
        if (pac.Proxy.IsEmpty && !pac.Direct.IsEmpty) yield return ("Granary:Pac:Direct", string.Join(';', pac.Direct), "only together with Granary:Pac:Proxy");
        if (settings.Origin is not null && (pac.File is not null || !pac.Proxy.IsEmpty)) yield return (pac.File is null ? "Granary:Pac:Proxy" : "Granary:Pac:File", pac.File ?? $"{pac.Proxy[0]}", "nothing with Granary:Origin: only the forward proxy serves it");
    }

    private static IEnumerable<(string, string?, string)> AccessLog(AccessLogSettings log)
    {
        if (log is { Opens: true, Format: not AccessLogFormat.Json }) yield return ("Granary:AccessLog:Opens", "true", "only together with Json as Granary:AccessLog:Format: the others have no line for it");
    }

    private static IEnumerable<(string, string?, string)> Certificates(GranarySettings settings)
    {
        if (settings.Users.Certificates is not CertificateUser.Off && settings.Tls.ClientCertificates is ClientCertificates.Off)
            yield return ("Granary:Users:Certificates", $"{settings.Users.Certificates}", "Off, or Granary:Tls:ClientCertificates as well: else no client is asked for one");
    }
}
