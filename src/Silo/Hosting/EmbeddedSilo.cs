using System.Net;
using Granary.Grains.Hosting;
using Orleans.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>A silo inside the edge's process: one member, no Redis, loopback only.</summary>
public static class EmbeddedSilo
{
    public static IServiceCollection AddEmbeddedSilo(this IServiceCollection services, GrainSettings settings, TimeProvider clock)
    {
        services.AddGranaryGrains(settings, clock);
        services.AddOrleans(silo =>
        {
            var ports = new HeldPorts();
            silo.UseLocalhostClustering(ports.Hold(IPAddress.Loopback, 0, "The silo port"), ports.Hold(IPAddress.Loopback, 0, "The gateway port"));
            silo.HostGrains(clock);
            ports.GiveTo(silo.Services);
            silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback);
            silo.Configure<GrainDirectoryOptions>(directory => directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None); // one member knows it all
            // A question waits for the origin's head; the fetch's own limits end it first.
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = settings.Fetch().HeadTimeout * 4 + TimeSpan.FromSeconds(30));
        });
        return services;
    }
}
