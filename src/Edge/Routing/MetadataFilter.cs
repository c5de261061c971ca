using Yarp.ReverseProxy.Configuration;

namespace Granary.Edge.Routing;

/// <summary>Where somebody else reads the configuration: YARP refuses what a filter refuses, all at once, at start and at reload.</summary>
internal sealed class MetadataFilter : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster);

    /// <exception cref="ArgumentException">What the route's metadata say of the cache is mistaken.</exception>
    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
    {
        var mistakes = RouteMetadata.MistakesIn($"Route '{route.RouteId}', Metadata", route.Metadata).ToArray();
        if (mistakes.Length == 0) return new(route);
        throw new ArgumentException(string.Join(" ", mistakes.Select(static mistake => $"{mistake.Key}: {mistake.Value}; allowed: {mistake.Allowed}.")));
    }
}
