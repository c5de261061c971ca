using System.Collections.Frozen;
using System.Collections.Immutable;
using Granary.Grains.Origin;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Granary.Edge.Routing;

/// <summary>Tells YARP's passive health what silos have learned of destinations while they fetched.</summary>
internal sealed class FetchedHealth(IEnumerable<IPassiveHealthCheckPolicy> policies)
{
    private readonly FrozenDictionary<string, IPassiveHealthCheckPolicy> _policies = policies.ToFrozenDictionary(static policy => policy.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Before anything of the answer is written: policies look at the response of the client.</summary>
    public void Learn(HttpContext context, Routed routed, ImmutableArray<DestinationReport> learned)
    {
        if (context.Response.HasStarted || routed.Proxy.Cluster.Config.HealthCheck?.Passive is not { Enabled: true } passive) return;
        if (!_policies.TryGetValue(passive.Policy ?? HealthCheckConstants.PassivePolicy.TransportFailureRate, out var policy)) return;
        foreach (var report in learned)
            if (Find(routed.Proxy, report.Address) is { } destination) Tell(context, policy, routed.Proxy.Route.Cluster!, destination, report);
    }

    private static void Tell(HttpContext context, IPassiveHealthCheckPolicy policy, ClusterState cluster, DestinationState destination, DestinationReport report)
    {
        var status = context.Response.StatusCode;
        context.Features.Set<IForwarderErrorFeature>(report.Fault is null ? null : new Failure());
        context.Response.StatusCode = report.Fault is null ? report.Status : StatusCodes.Status502BadGateway;
        policy.RequestProxied(context, cluster, destination);
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.StatusCode = status;
    }

    private static DestinationState? Find(IReverseProxyFeature proxy, string address)
    {
        foreach (var destination in proxy.AllDestinations)
            if (destination.Model.Config.Address.AsSpan().TrimEnd('/').SequenceEqual(address)) return destination;
        return null;
    }

    private sealed class Failure : IForwarderErrorFeature
    {
        public ForwarderError Error => ForwarderError.Request;

        public Exception? Exception => null;
    }
}
