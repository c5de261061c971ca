using System.Net;
using Granary.Grains.Hosting;
using Orleans.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>A silo inside the edge's process: one member, no Redis, loopback only.</summary>
public static class EmbeddedSilo
{
    public static WebApplicationBuilder AddEmbeddedSilo(this WebApplicationBuilder builder, GrainSettings settings, TimeProvider clock)
    {
        builder.Services.AddGranaryGrains(settings, clock);
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort());
            silo.Services.CollectActivationsBySteadyTime(clock);
            silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback);
            silo.Configure<GrainDirectoryOptions>(directory => directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None); // one member knows it all
            // An idle activation costs 2.5 KB and says nothing that the store does not: a thousand new URLs a second must not pile up.
            silo.Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = TimeSpan.FromSeconds(15);
                collection.CollectionQuantum = TimeSpan.FromSeconds(5);
            });
            // A question waits for the origin's head; the fetch's own limits end it first.
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = settings.Fetch().HeadTimeout * 4 + TimeSpan.FromSeconds(30));
        });
        return builder;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
