using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Granary.Grains.Origin;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Granary.Edge.Routing;

/// <summary>What we know of YARP's routes and clusters beside what YARP knows. Its models are immutable, so each is read once.</summary>
internal sealed class RouteTable(IServiceProvider services, IEnumerable<ITransformProvider> transforms, Func<ImmutableArray<string>> stripped)
{
    private readonly ConditionalWeakTable<RouteModel, RouteCaching> _routes = [];
    private readonly ConditionalWeakTable<ClusterModel, OriginGroup> _clusters = [];

    // Affinity's own is always there, and writes cookies of responses that were passed.
    private readonly bool _hasCode = transforms.Any(static provider => provider.GetType().Name != "AffinitizeTransformProvider");

    public Routed Of(IReverseProxyFeature proxy, RequestDelegate next) => new(Of(proxy.Route), Of(proxy.Cluster), proxy, next);

    public RouteCaching Of(RouteModel route)
    {
        var stripsQuery = !stripped().IsEmpty;
        if (_routes.TryGetValue(route, out var known) && known.StripsQuery == stripsQuery) return known;
        var read = RouteCaching.Of(route.Config, _hasCode, stripsQuery);
        _routes.AddOrUpdate(route, read);
        return read;
    }

    public OriginGroup Of(ClusterModel cluster)
    {
        if (_clusters.TryGetValue(cluster, out var known)) return known;
        return _clusters.GetValue(cluster, static made => GroupOf(made.Config));
    }

    /// <summary>The routes whose names are in the keys of what they store.</summary>
    public IEnumerable<(RouteConfig Route, RouteCaching Caching)> Named()
    {
        foreach (var route in services.GetRequiredService<IProxyStateLookup>().GetRoutes()) // late: YARP's table needs us first
            if (Of(route) is { NameInKey: not null } caching) yield return (route.Config, caching);
    }

    internal static OriginGroup GroupOf(ClusterConfig cluster)
    {
        var request = cluster.HttpRequest;
        var version = request?.Version ?? System.Net.HttpVersion.Version20;
        return new OriginGroup(cluster.ClusterId)
        {
            Connections = TraitsOf(cluster.HttpClient),
            Patience = request?.ActivityTimeout,
            HttpVersion = (10 * version.Major) + version.Minor,
            VersionPolicy = request?.VersionPolicy ?? HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    internal static ConnectionTraits TraitsOf(HttpClientConfig? client) => client is null ? ConnectionTraits.Default : new ConnectionTraits
    {
        TlsProtocols = (int)(client.SslProtocols ?? 0),
        AcceptsAnyCertificate = client.DangerousAcceptAnyServerCertificate ?? false,
        MaxConnections = client.MaxConnectionsPerServer,
        MultipleHttp2Connections = client.EnableMultipleHttp2Connections ?? true,
        RequestEncoding = client.RequestHeaderEncoding,
        ResponseEncoding = client.ResponseHeaderEncoding,
        Proxy = client.WebProxy?.Address?.ToString(),
        ProxyBypassesLocal = client.WebProxy?.BypassOnLocal ?? false,
        ProxyUsesDefaultCredentials = client.WebProxy?.UseDefaultCredentials ?? false,
    };
}
