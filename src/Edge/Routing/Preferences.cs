using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Granary.Grains.Origin;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Granary.Edge.Routing;

/// <summary>
/// The order in which a fetch shall try the available destinations of its cluster. Nobody knows yet whether there will be a fetch, so YARP's balancing is not troubled: the first
/// comes by chance, or by name where the policy says so. Only a policy that is not YARP's own is asked, since it may choose by something in the request.
/// </summary>
internal sealed class Preferences(IEnumerable<ILoadBalancingPolicy> policies, Func<FetchOptions> fetch)
{
    private static readonly FrozenSet<string> Even = FrozenSet.ToFrozenSet(
        [LoadBalancingPolicies.PowerOfTwoChoices, LoadBalancingPolicies.LeastRequests, LoadBalancingPolicies.Random, LoadBalancingPolicies.RoundRobin], StringComparer.OrdinalIgnoreCase);

    private readonly FrozenDictionary<string, ILoadBalancingPolicy> _policies = policies.ToFrozenDictionary(static policy => policy.Name, StringComparer.OrdinalIgnoreCase);

    // YARP makes a new list whenever a destination comes, goes or changes its health.
    private readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, Orders> _orders = [];

    /// <summary>The route of a fetch to the destinations of that cluster.</summary>
    public OriginRoute Of(HttpContext context, Routed routed, string target)
    {
        var orders = OrdersOf(routed.Proxy.AvailableDestinations);
        var order = orders.Length == 0 ? Order.None : orders[First(context, routed, orders.Length)];
        return new OriginRoute(order.First.Address, target, IsConfigured: true) { Host = order.First.Host, Others = order.Others, Group = routed.Group, Rules = routed.Caching.Rules };
    }

    // Of each list once; anew when a reload allows another number of tries.
    private Order[] OrdersOf(IReadOnlyList<DestinationState> available)
    {
        var tries = Math.Max(fetch().Tries, 1);
        if (_orders.TryGetValue(available, out var known) && known.Tries == tries) return known.All;
        var all = Rotations(available, tries);
        _orders.AddOrUpdate(available, new Orders(tries, all));
        return all;
    }

    private int First(HttpContext context, Routed routed, int count)
    {
        if (count == 1) return 0;
        var name = routed.Proxy.Cluster.Config.LoadBalancingPolicy;
        if (name is null || Even.Contains(name)) return Random.Shared.Next(count);
        if (name.Equals(LoadBalancingPolicies.FirstAlphabetical, StringComparison.OrdinalIgnoreCase) || !_policies.TryGetValue(name, out var policy)) return 0;
        var available = routed.Proxy.AvailableDestinations;
        return policy.PickDestination(context, routed.Proxy.Route.Cluster!, available) is { } picked ? Math.Max(ByName(available).IndexOf(picked), 0) : 0;
    }

    private static Order[] Rotations(IReadOnlyList<DestinationState> available, int tries)
    {
        var all = ByName(available).Select(static state => state.Model.Config).Select(static config => new OriginDestination(config.Address.TrimEnd('/'), config.Host)).ToArray();
        return [.. all.Select((first, i) => new Order(first, [.. all[(i + 1)..].Concat(all[..i]).Take(tries - 1)]))];
    }

    private static List<DestinationState> ByName(IReadOnlyList<DestinationState> available) => [.. available.OrderBy(static state => state.DestinationId, StringComparer.OrdinalIgnoreCase)];

    private sealed record Orders(int Tries, Order[] All);

    private sealed record Order(OriginDestination First, ImmutableArray<OriginDestination> Others)
    {
        /// <summary>What is stored may still be served.</summary>
        public static readonly Order None = new(new OriginDestination("", null), []);
    }
}
