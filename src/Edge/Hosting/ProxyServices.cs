using Granary.Edge.Access;
using Granary.Edge.Delivery;
using Granary.Edge.Delivery.Hits;
using Granary.Edge.Errors;
using Granary.Edge.Figures;
using Granary.Edge.Hiding;
using Granary.Edge.Maintenance;
using Granary.Edge.Owners;
using Granary.Edge.Pass;
using Granary.Edge.Policy;
using Granary.Edge.Presenting;
using Granary.Edge.Purging;
using Granary.Edge.Redirects;
using Granary.Edge.Routing;
using Granary.Edge.Rules;
using Granary.Edge.Users;
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
        .AddSingleton(new TrustedClients(() => valid.Source.Current.Access))
        .AddSingleton(new ForwardingFields(() => valid.Source.Current.Forwarding))
        .AddSingleton(new RefererField(() => valid.Source.Current.Egress.Referer))
        .AddSingleton(new FieldRules(() => valid.Source.Current.RequestFields, () => valid.Source.Current.ResponseFields))
        .AddSingleton(new MaintenanceMode(() => valid.Source.Current.Maintenance))
        .AddSingleton(provider => new ErrorPages(() => valid.Source.Current.Errors, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new RedirectRules(() => valid.Source.Current.Redirects, valid.Settings.Origin is not null, provider.GetRequiredService<CacheStatusReport>()))
        .AddSingleton(provider => new OutwardFields(() => valid.Source.Current.Hiding, provider.GetRequiredService<Pseudonym>()))
        .AddSingleton<OutcomeFigures>().AddSingleton<HotUrls>().AddSingleton<ServerDurations>()
        .AddSingleton<Presenter>().AddSingleton<ErrorAnswers>().AddSingleton<CacheStatusReport>()
        .AddSingleton<Passing>().AddSingleton<StoredDelivery>().AddSingleton<PartsDelivery>().AddSingleton<PurgeRequests>().AddSingleton<HitsAtHand>().AddSingleton<PreparedHeads>().AddSingleton<RepeatedHits>().AddSingleton<HitPath>().AddSingleton<ProxyHandler>()
        .AddSingleton<Bypasses>()
        .AddUsers(valid)
        .AddPolicy(valid.Source)
        .AddRules(valid);
}
