using Granary.Edge.Errors;
using Granary.Edge.Routing;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Rules.Limits;

/// <summary>
/// How large the content of a request may be: as its route says (YARP's <c>MaxRequestBodySize</c>, −1 for no limit), else as the settings say. What says its length is refused before anybody hears of it; what does
/// not is cut while it is read.
/// </summary>
internal sealed class ContentLimits(Func<ClientSettings> settings)
{
    public ForwardError? Refuse(HttpContext context, Routed? routed)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true || IsTunnel(context)) return null;
        var limit = routed?.Proxy.Route.Config.MaxRequestBodySize ?? OfAll(settings().MaxRequestContentSize);
        if (limit < 0) return null;
        if (context.Request.ContentLength is { } length) return length > limit ? ForwardError.ContentTooLarge : null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server) server.MaxRequestBodySize = WithChunks(limit);
        context.Request.Body = new LimitedContent(context.Request.Body, limit);
        return null;
    }

    // The server counts the frames of chunks too: of one byte each, six for one. It is the limit of what is read away when nobody wants it any more.
    private static long WithChunks(long limit) => limit > (long.MaxValue >> 4) ? long.MaxValue : (limit << 3) + (64 << 10);

    // An upgraded connection has no request content.
    private static bool IsTunnel(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;

    private static long OfAll(long setting) => setting == 0 ? -1 : setting;
}
