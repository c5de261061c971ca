using System.Text;
using Granary.Edge.Access;
using Granary.Edge.Routing;
using Granary.Silo.Admin;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Inspection;

/// <summary>The certificate of the authority, for clients to install: on the admin port, and from the proxy's own address for those who may use it. Never its key.</summary>
internal static class AuthorityFiles
{
    private const string Pem = "/granary-ca.pem", Der = "/granary-ca.crt";

    public static readonly AdminRoute[] Routes = [new("GET", Pem, Show) { IsPublic = true }, new("GET", Der, Show) { IsPublic = true }];

    public static IApplicationBuilder UseAuthorityFiles(this IApplicationBuilder app)
    {
        var (authority, access) = (app.ApplicationServices.GetRequiredService<SigningAuthority>(), app.ApplicationServices.GetRequiredService<ClientAccess>());
        return app.Use((HttpContext context, RequestDelegate next) =>
            IsAsked(context) && access.ToForward(context.Connection.RemoteIpAddress) is null && authority.Current() is { } signing ? Answer(context, signing) : next(context));
    }

    // In origin-form, so it is never that of another site.
    private static bool IsAsked(HttpContext context) =>
        context.Request.Path.Value is Pem or Der && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            && context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] && ForwardStream.Of(context) is null;

    private static Task Show(HttpContext context) =>
        context.RequestServices.GetRequiredService<SigningAuthority>().Current() is { } signing ? Answer(context, signing) : AdminProblem.Write(context, StatusCodes.Status404NotFound, "No tunnels are inspected here.");

    private static async Task Answer(HttpContext context, Signing signing)
    {
        var isPem = context.Request.Path.Value is Pem;
        var content = isPem ? Encoding.ASCII.GetBytes(signing.Certificate.ExportCertificatePem() + "\n") : signing.Certificate.RawData;
        // What browsers and phones offer to install.
        (context.Response.ContentType, context.Response.ContentLength, context.Response.Headers.CacheControl) = (isPem ? "application/x-pem-file" : "application/x-x509-ca-cert", content.Length, "no-cache");
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }
}
