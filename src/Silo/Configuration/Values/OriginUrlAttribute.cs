namespace Granary.Silo.Configuration.Values;

/// <summary>
/// The URL of an origin: scheme, host and port. A path is not allowed, so that the target URI of a request and what a purge names stay
/// one and the same; a route with a path transform does that job.
/// </summary>
public sealed class OriginUrlAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "URL";

    public override string Allowed => "an absolute URL such as http://example.com or https://10.0.0.1:8443: http or https, no user, path, query or fragment";

    public override object? Read(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsOrigin(uri) && !text.Contains('?', StringComparison.Ordinal)
        && !text.Contains('#', StringComparison.Ordinal) && !text.Contains('@', StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal)
            ? uri
            : null;

    public override string? Suggest(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal)) return Read($"http://{text}") is null ? null : $"http://{text}";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && Read(uri.GetLeftPart(UriPartial.Authority)) is not null && uri.UserInfo.Length == 0
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;
    }

    private static bool IsOrigin(Uri uri) =>
        (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0 && uri.Port > 0 && uri.AbsolutePath == "/";
}
