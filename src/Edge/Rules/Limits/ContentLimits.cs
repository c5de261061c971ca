using Granary.Edge.Errors;
using Granary.Edge.Routing;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Rules.Limits;

/// <summary>
/// How large the content of a request may be: as its route says (YARP's <c>MaxRequestBodySize</c>, −1 for no limit), else as the settings say. What says its length is refused before anybody hears of it; what does
/// not is cut by the server, which counts while it reads.
/// </summary>
internal sealed class ContentLimits(Func<ClientSettings> settings)
{
    public ForwardError? Refuse(HttpContext context, Routed? routed)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true) return null;
        var limit = routed?.Proxy.Route.Config.MaxRequestBodySize ?? OfAll(settings().MaxRequestContentSize);
        if (limit < 0) return null;
        if (context.Request.ContentLength > limit) return ForwardError.ContentTooLarge;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = limit;
        return null;
    }

    private static long OfAll(long setting) => setting == 0 ? -1 : setting;
}
