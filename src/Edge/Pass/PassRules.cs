using Granary.Edge.Routing;
using Granary.Semantics.Reusability;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Configuration;

namespace Granary.Edge.Pass;

/// <summary>What is no cache matter from the start, and why.</summary>
internal static class PassRules
{
    public static (ForwardReason Why, string? Detail)? WhyPass(HttpContext context, Routed? routed = null)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return (ForwardReason.Method, null);
        if (routed is not null && WhyPassOn(request, routed) is { } rule) return (ForwardReason.Bypass, rule);
        if (context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true) return (ForwardReason.Bypass, "upgrade");
        // RFC 9110 §9.3.1: content in a GET has no defined meaning, but the origin sees it and the key would not.
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true) return (ForwardReason.Request, "request-content");
        // Frameworks take the method from these: the answer would be that of another method than the key says.
        return OverridesMethod(request.Headers) ? (ForwardReason.Request, "method-override") : null;
    }

    private static string? WhyPassOn(HttpRequest request, Routed routed)
    {
        if (!routed.Caching.IsOn) return "route";
        if (!request.Host.HasValue) return "no-host"; // HTTP/1.0: routed as one without a host, while its key would be that of our own address
        return routed.Caching.PassesSessions && BelongsToSession(request, routed.Proxy.Cluster.Config.SessionAffinity) ? "session" : null;
    }

    private static bool BelongsToSession(HttpRequest request, SessionAffinityConfig? affinity) =>
        affinity is { Enabled: true, AffinityKeyName: { } key } && (request.Headers.ContainsKey(key) || request.Cookies.ContainsKey(key));

    private static bool OverridesMethod(IHeaderDictionary fields) =>
        fields.ContainsKey("X-HTTP-Method-Override") || fields.ContainsKey("X-HTTP-Method") || fields.ContainsKey("X-Method-Override");
}
