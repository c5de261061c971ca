using Granary.Edge.Delivery;
using Granary.Edge.Leases;
using Granary.Grains.Hosting;
using Granary.Grains.Members;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;
using Granary.Silo.Membership.Tls;
using Orleans.Configuration;

namespace Granary.Edge.Hosting;

/// <summary>An edge of a cluster: no silo inside, the grains are called through the gateways that the membership table names.</summary>
internal static class EdgeCluster
{
    public static IServiceCollection AddCluster(this IServiceCollection services, ClusterSettings cluster, GrainSettings grains, Func<LeaseSettings> leases, TimeProvider clock)
    {
        var certificates = MemberCertificates.Of(cluster.Tls, clock);
        if (certificates is not null) services.AddSingleton(new MemberTls(certificates.ForClient()));
        services.AddOrigins(grains, clock);
        services.AddRemoteContent(() => grains.Fetch().IdleTimeout, certificates?.ForClient());
        services.AddRedisMembership(cluster);
        services.AddSingleton<ClusterLink>();
        services.AddSingleton(StartedByUs.Take(services, () => services.AddOrleansClient(client => Configure(client, certificates, leases(), clock))));
        services.AddHostedService<ClusterEntry>();
        return services.AddOwners(cluster.Name, leases);
    }

    private static void Configure(IClientBuilder client, MemberCertificates? certificates, LeaseSettings leases, TimeProvider clock)
    {
        if (certificates is not null) client.Secure(certificates, clock);
        client.UseRedisClustering(static _ => { });
        client.UseConnectionRetryFilter<ConnectionRetries>();
        client.Services.AddSingleton<IClusterConnectionStatusObserver>(provider => provider.GetRequiredService<ClusterLink>());
        // A frozen silo's gateway is left only when the list is read again.
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
        // Whoever asks waits less; an invalidation waits for leases.
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(2) + leases.Duration);
    }
}
