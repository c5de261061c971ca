using Granary.Edge.Access;
using Granary.Edge.Delivery;
using Granary.Edge.Errors;
using Granary.Edge.Owners;
using Granary.Edge.Pass;
using Granary.Edge.Presenting;
using Granary.Edge.Purging;
using Granary.Edge.Routing;
using Granary.Edge.Rules;
using Granary.Grains.Hosting;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;

namespace Granary.Edge.Hosting;

/// <summary>What takes a request to its answer, whoever listens for it.</summary>
internal static class ProxyServices
{
    /// <summary>The owners of URIs: in this process, or those of a cluster.</summary>
    public static IServiceCollection AddOwners(this IServiceCollection services, ConfigurationOutcome.Valid valid, GrainSettings grains, TimeProvider clock) =>
        valid.Settings.Cluster.Redis is null
            ? services.AddEmbeddedSilo(grains, clock).AddLocalContent().AddSingleton<IOwners, OwnersAtHand>()
            : services.AddCluster(valid.Settings.Cluster, grains, () => valid.Source.Current.Leases, clock);

    public static IServiceCollection AddProxy(this IServiceCollection services, ConfigurationOutcome.Valid valid) => services
        .AddSingleton(valid.Source)
        .AddRouter(valid.Settings.Origin, () => valid.Source.Current.Cache.StripQueryParameters)
        .AddSingleton(new Pseudonym(valid.Settings.Pseudonym))
        .AddSingleton(new ClientAccess(() => valid.Source.Current.Access))
        .AddSingleton<Presenter>().AddSingleton<ErrorAnswers>().AddSingleton<CacheStatusReport>()
        .AddSingleton<Passing>().AddSingleton<StoredDelivery>().AddSingleton<PartsDelivery>().AddSingleton<PurgeRequests>().AddSingleton<ProxyHandler>()
        .AddSingleton<Bypasses>()
        .AddRules(valid);
}
