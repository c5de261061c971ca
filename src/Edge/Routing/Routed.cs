using Granary.Grains.Origin;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Granary.Edge.Routing;

/// <summary>A request that a route of YARP has taken, and the rest of YARP's pipeline for it: affinity, balancing, health, forwarder.</summary>
internal sealed class Routed(RouteCaching caching, OriginGroup group, IReverseProxyFeature proxy, RequestDelegate next)
{
    public RouteCaching Caching { get; } = caching;

    public OriginGroup Group { get; } = group;

    public IReverseProxyFeature Proxy { get; } = proxy;

    public RequestDelegate Next { get; } = next;

    public HttpTransformer Transformer => Proxy.Route.Transformer;

    /// <summary>The available destinations but for those that have failed this request. Balancing leaves only its choice in the feature.</summary>
    public IReadOnlyList<DestinationState> Untried { get; set; } = proxy.AvailableDestinations;

    /// <summary>It went on in YARP's pipeline, which applies the transforms of the response itself.</summary>
    public bool IsPassed { get; set; }
}
