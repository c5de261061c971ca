using Granary.Edge.Delivery;
using Granary.Edge.Owners;
using Granary.Grains.Hosting;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;
using Orleans.Configuration;

namespace Granary.Edge.Hosting;

/// <summary>An edge of a cluster: no silo inside, the grains are called through the gateways that the membership table names.</summary>
internal static class EdgeCluster
{
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder, ClusterSettings cluster, GrainSettings grains, TimeProvider clock)
    {
        builder.Services.AddOrigins(grains, clock);
        builder.Services.AddRemoteContent(() => grains.Fetch().IdleTimeout);
        builder.Services.AddRedisMembership(cluster);
        builder.Services.AddSingleton<ClusterLink>();
        builder.Services.AddSingleton(StartedByUs.Take(builder.Services, () => builder.Host.UseOrleansClient(Configure)));
        builder.Services.AddHostedService<ClusterEntry>();
        builder.Services.AddSingleton<Silos>().AddSingleton<SiloCalls>().AddSingleton<IOwners, ClusterOwners>().AddHostedService<SilosWatch>();
        return builder;
    }

    private static void Configure(IClientBuilder client)
    {
        client.UseRedisClustering(static _ => { });
        client.UseConnectionRetryFilter<ConnectionRetries>();
        client.Services.AddSingleton<IClusterConnectionStatusObserver>(provider => provider.GetRequiredService<ClusterLink>());
        // A frozen silo's gateway is left only when the list is read again.
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
    }
}
