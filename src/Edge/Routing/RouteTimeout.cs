using Microsoft.AspNetCore.Http.Timeouts;

namespace Granary.Edge.Routing;

/// <summary>The time that a route gives its requests: when it is over, the request is aborted as if the client had left, but the client waits for an answer.</summary>
internal static class RouteTimeout
{
    public static bool HasEnded(HttpContext context) => context.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;
}
