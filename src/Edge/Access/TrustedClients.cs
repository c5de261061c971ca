using System.Net;
using Granary.Silo.Configuration;

namespace Granary.Edge.Access;

/// <summary>
/// Who the client is, where a trusted proxy stands in front: (1) the proxy itself is known by its connection  (2) from right to left, the first hop that is not trusted is the client
/// (3) a hop that cannot be read is a client that nobody knows, whom no rule lets in  (4) the scheme is the one that the same hop was asked by.
/// From then on the connection's address and the request's scheme are the client's, for everybody who asks.
/// </summary>
internal sealed class TrustedClients(Func<AccessSettings> settings)
{
    public void Tell(HttpContext context)
    {
        var access = settings();
        if (access.TrustedProxies.IsEmpty || context.Connection.RemoteIpAddress is not { } peer || !access.TrustedProxies.Contains(peer)) return; // (1)
        var hops = access.TrustedField is TrustedField.Forwarded ? ToldHops.OfForwarded(context.Request.Headers) : ToldHops.OfXForwarded(context.Request.Headers);
        context.Features.Set(new ToldClient(peer, context.Request.Scheme, access.TrustedField));
        if (hops.Count == 0) return; // it speaks for itself
        var at = hops.Count - 1;
        while (at > 0 && hops.AddressOf(at) is { } hop && access.TrustedProxies.Contains(hop)) at--; // (2)
        context.Connection.RemoteIpAddress = hops.AddressOf(at);                                     // (3)
        if (hops.SchemeOf(at) is { } scheme) context.Request.Scheme = scheme;                        // (4)
    }
}
