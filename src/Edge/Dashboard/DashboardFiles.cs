using Granary.Silo.Admin;

namespace Granary.Edge.Dashboard;

/// <summary>
/// The live page: three files and a picture out of this assembly. They tell nothing of this process and need no token, since a browser that opens a page has none to show; what they show they ask for
/// with the token. Nothing else may run in the page, be loaded by it or put it into a frame (CSP level 3).
/// </summary>
internal static class DashboardFiles
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static readonly AdminRoute[] Routes =
    [
        Of("/", "index.html", "text/html; charset=utf-8"),
        Of("/dashboard.css", "dashboard.css", "text/css; charset=utf-8"),
        Of("/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"),
        Of("/dashboard.svg", "dashboard.svg", "image/svg+xml"),
    ];

    private static AdminRoute Of(string path, string file, string type)
    {
        var content = new Lazy<byte[]>(() => Read(file));
        return new("GET", path, context => Answer(context, content.Value, type)) { IsPublic = true };
    }

    private static async Task Answer(HttpContext context, byte[] content, string type)
    {
        var fields = context.Response.Headers;
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        fields.CacheControl = "no-cache"; // another version may answer next time
        fields.ContentSecurityPolicy = ContentSecurityPolicy;
        fields.XContentTypeOptions = "nosniff";
        fields["Referrer-Policy"] = "no-referrer"; // it asks for URLs that are nobody else's matter
        fields["Cross-Origin-Opener-Policy"] = "same-origin";
        fields["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(DashboardFiles).Assembly.GetManifestResourceStream($"dashboard/{file}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
