using System.Text;
using Granary.Edge.Access;
using Granary.Edge.Routing;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Pac;

/// <summary>Serves the script to those who may use the proxy, without asking who they are: browsers read it before they know of a proxy. It is asked for in origin-form, so it is never that of another site.</summary>
internal static class ProxyScripts
{
    private const int MostBytes = 1 << 20;

    private static readonly string[] Paths = ["/proxy.pac", "/wpad.dat", "/.well-known/wpad.dat"];

    public static void UseProxyScripts(this IApplicationBuilder app)
    {
        var (settings, access) = (app.ApplicationServices.GetRequiredService<SettingsSource>(), app.ApplicationServices.GetRequiredService<ClientAccess>());
        app.Use((HttpContext context, RequestDelegate next) =>
            settings.Current.Pac is var pac && (!pac.Proxy.IsEmpty || pac.File is not null) && IsAsked(context, pac) && access.ToForward(context.Connection.RemoteIpAddress) is null ? Answer(context, pac, next) : next(context));
    }

    private static bool IsAsked(HttpContext context, PacSettings pac) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            && context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] && Paths.Contains(context.Request.Path.Value) && (ForwardStream.Of(context) is null || IsUs(context, pac));

    // Over HTTP/2 the proxy itself and another site look alike.
    private static bool IsUs(HttpContext context, PacSettings pac) => pac.Proxy.Any(proxy => proxy.Host.Equals(context.Request.Host.Host, StringComparison.OrdinalIgnoreCase));

    private static async Task Answer(HttpContext context, PacSettings pac, RequestDelegate next)
    {
        if (await ScriptOf(pac, context.RequestAborted) is not { } script)
        {
            await next(context);
            return;
        }

        (context.Response.ContentType, context.Response.ContentLength, context.Response.Headers.CacheControl) = (ProxyScript.Type, script.Length, "max-age=300");
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(script, context.RequestAborted);
    }

    private static async Task<byte[]?> ScriptOf(PacSettings pac, CancellationToken cancellationToken)
    {
        if (pac.File is not { } file) return Encoding.ASCII.GetBytes(ProxyScript.Of(pac));
        try
        {
            return new FileInfo(file).Length <= MostBytes ? await File.ReadAllBytesAsync(file, cancellationToken) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
