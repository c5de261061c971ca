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
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder, ClusterSettings cluster, GrainSettings grains, Func<LeaseSettings> leases, TimeProvider clock)
    {
        var certificates = MemberCertificates.Of(cluster.Tls, clock);
        if (certificates is not null) builder.Services.AddSingleton(new MemberTls(certificates.ForClient()));
        builder.Services.AddOrigins(grains, clock);
        builder.Services.AddRemoteContent(() => grains.Fetch().IdleTimeout, certificates?.ForClient());
        builder.Services.AddRedisMembership(cluster);
        builder.Services.AddSingleton<ClusterLink>();
        builder.Services.AddSingleton(StartedByUs.Take(builder.Services, () => builder.Host.UseOrleansClient(client => Configure(client, certificates, clock))));
        builder.Services.AddHostedService<ClusterEntry>();
        builder.Services.AddOwners(leases);
        return builder;
    }

    private static void Configure(IClientBuilder client, MemberCertificates? certificates, TimeProvider clock)
    {
        if (certificates is not null) client.Secure(certificates, clock);
        client.UseRedisClustering(static _ => { });
        client.UseConnectionRetryFilter<ConnectionRetries>();
        client.Services.AddSingleton<IClusterConnectionStatusObserver>(provider => provider.GetRequiredService<ClusterLink>());
        // A frozen silo's gateway is left only when the list is read again.
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
    }
}
