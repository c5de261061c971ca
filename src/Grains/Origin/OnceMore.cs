using Granary.Grains.Origin.Wire;

namespace Granary.Grains.Origin;

/// <summary>
/// A pooled connection may be closed by the origin just as it is used. A safe request without content is then sent once more, on a connection made for it;
/// any other is not, since nobody knows whether the origin acted on it (RFC 9110 §9.2.2). <see cref="SocketsHttpHandler"/> by itself would
/// repeat every request without content, POST too, several times, and none after a reset; <see cref="OriginConnection"/> takes that decision away from it.
/// </summary>
internal sealed class OnceMore(SocketsHttpHandler pooled, SocketsHttpHandler unpooled) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _pooled = new(pooled);
    private readonly HttpMessageInvoker _unpooled = new(unpooled);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _pooled.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException closed) when (MayRepeat(request) && OriginClosedException.IsStaleConnection(closed))
        {
            return await _unpooled.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pooled.Dispose();
            _unpooled.Dispose();
        }

        base.Dispose(disposing);
    }

    // RFC 9110 §9.2.1.
    private static bool MayRepeat(HttpRequestMessage request) =>
        request.Content is null && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
            || request.Method == HttpMethod.Options || request.Method == HttpMethod.Trace);
}
