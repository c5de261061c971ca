using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Routing;

/// <summary>
/// A forward request of HTTP/2, which has no absolute-form (RFC 9113 §8.3.1): scheme and authority say where it goes, as browsers send it to a proxy with https. Where there are routes, redirections or an origin, the same looks like a request
/// for a site of theirs, and is one: what comes from a proxy in front could else go anywhere.
/// </summary>
/// <param name="Scheme">That of the target. The scheme of the request itself is that of the connection, for everybody who asks.</param>
internal sealed record ForwardStream(string Scheme)
{
    /// <summary>Null if it is none.</summary>
    public static ForwardStream? Of(HttpContext context) => context.Features.Get<ForwardStream>();

    /// <summary>Before anything that asks for the scheme.</summary>
    /// <param name="hasSites">Whether the edge has something of its own.</param>
    public static void Mark(HttpContext context, Func<bool> hasSites)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol)) return;
        var said = context.Request.Scheme;
        context.Request.Scheme = context.Features.Get<ITlsConnectionFeature>() is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        if (said is not ("http" or "https") || hasSites() || HttpMethods.IsConnect(context.Request.Method) || IsForUs(context)) return;
        context.Features.Set(new ForwardStream(said));
    }

    // Whoever looks at the proxy itself, and not through it.
    private static bool IsForUs(HttpContext context)
    {
        var (host, connection) = (context.Request.Host, context.Connection);
        if ((host.Port ?? (context.Request.IsHttps ? 443 : 80)) != connection.LocalPort) return false;
        return host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Host, out var address) && address.Equals(connection.LocalIpAddress));
    }
}
