using System.Net.Security;
using Granary.Edge.Leases.Segments;
using Granary.Edge.Owners;
using Granary.Grains.Store;

namespace Granary.Edge.Delivery;

/// <summary>Where an edge has the content of answers from.</summary>
public static class ContentServices
{
    /// <summary>One process: from the store of the embedded silo.</summary>
    public static IServiceCollection AddLocalContent(this IServiceCollection services) =>
        services.AddSingleton(static provider => new Contents(provider.GetRequiredService<ResponseStore>(), null));

    /// <summary>A cluster: from inside the answer, from the store of leased copies if there is one, or from the content ports of its silos.</summary>
    /// <param name="fetchIdleTimeout">That of the silos, towards origins: content may be silent that long on its way.</param>
    /// <param name="tls">For content ports behind TLS; null for none.</param>
    public static IServiceCollection AddRemoteContent(this IServiceCollection services, Func<TimeSpan> fetchIdleTimeout, SslClientAuthenticationOptions? tls = null) => services
        .AddSingleton(new SiloContentOptions(fetchIdleTimeout, tls))
        .AddSingleton<Silos>()
        .AddSingleton<SiloContent>()
        .AddSingleton(static provider => new Contents(provider.GetService<ResponseStore>(), provider.GetRequiredService<SiloContent>(), provider.GetService<SegmentStore>()));
}
