using Granary.Edge.Routing;
using Yarp.ReverseProxy.Configuration;

namespace Granary.Edge.Rules.Limits;

/// <summary>
/// A route's <c>RateLimiterPolicy</c> names a limit of ours. ASP.NET Core would look for it among policies that it was given once at the start; so it is told to the cache, as metadata, where limits may change.
/// </summary>
internal sealed class RateLimitFilter : IProxyConfigFilter
{
    public const string Disable = "Disable";

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(Told(route));

    /// <summary>Whether it is the name of a limit, and none of the words that YARP has for others.</summary>
    public static bool IsName(string? policy) =>
        !string.IsNullOrEmpty(policy) && !policy.Equals("Default", StringComparison.OrdinalIgnoreCase) && !policy.Equals(Disable, StringComparison.OrdinalIgnoreCase);

    public static RouteConfig Told(RouteConfig route)
    {
        if (!IsName(route.RateLimiterPolicy)) return route;
        var metadata = route.Metadata?.ToDictionary(StringComparer.OrdinalIgnoreCase) ?? new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        metadata[RouteMetadata.RateLimit] = route.RateLimiterPolicy!;
        return route with { RateLimiterPolicy = null, Metadata = metadata };
    }
}
