using System.Collections.Concurrent;
using System.Net;
using Granary.Grains.Egress.Parents;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Origin;

/// <summary>
/// Requests for what clients name. http goes to an HTTP parent in absolute-form (RFC 9112 §3.2.2), over connections that are those of its group; all else over connections to the destination itself, be it through a
/// parent. The host is judged with each request, since a parent's connections serve all hosts. What could not be sent because no parent is there may go directly.
/// </summary>
/// <param name="make">The connections of a group.</param>
internal sealed class ByParents(HttpMessageInvoker direct, GuardedConnect connect, Func<ParentRoad, HttpMessageInvoker> make) : HttpMessageHandler
{
    private const string Authorization = "Proxy-Authorization";

    private readonly ConcurrentDictionary<ParentRoad, Lazy<HttpMessageInvoker>> _byRoad = new();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.RequestUri is { } uri && uri.Scheme == Uri.UriSchemeHttp && connect.RoadTo(uri.IdnHost) is { Group.Protocol: ParentProtocol.Http } road
            ? SendBy(road, uri, request, cancellationToken) : direct.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendBy(ParentRoad road, Uri uri, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        connect.CheckForParent(uri.IdnHost);
        var connections = _byRoad.GetOrAdd(road, static (road, make) => new(() => make(road)), make).Value;
        request.Headers.Remove(Authorization);
        if (road.Group.Credentials is { } credentials) request.Headers.TryAddWithoutValidation(Authorization, credentials.Basic);
        try
        {
            return NotUnknown(await connections.SendAsync(request, cancellationToken).ConfigureAwait(false));
        }
        catch (HttpRequestException e) when (road.Group.FallsBack && e.InnerException is OriginConnectException { Fault: ConnectFault.ParentsUnavailable })
        {
            request.Headers.Remove(Authorization); // nobody else's affair
            return await direct.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    // The parent asks us, and not the client, which would take it for our own question.
    private static HttpResponseMessage NotUnknown(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.ProxyAuthenticationRequired) return response;
        response.Dispose();
        throw new HttpRequestException(null, new OriginConnectException(ConnectFault.ParentRefused) { Tried = "407" });
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            direct.Dispose();
            foreach (var made in _byRoad.Values)
                if (made.IsValueCreated) made.Value.Dispose();
        }

        base.Dispose(disposing);
    }
}
