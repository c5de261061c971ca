using System.Net;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Configuration;

/// <summary>Our settings in Kestrel's terms.</summary>
public static class KestrelSettings
{
    /// <summary>Opens a listener. TLS, if asked for, comes before what <paramref name="configure"/> adds.</summary>
    public static void Listen(this KestrelServerOptions kestrel, ListenAddress address, Action<ListenOptions> configure)
    {
        void Configure(ListenOptions options)
        {
            if (address.IsHttps) options.UseHttps();
            configure(options);
        }

        if (address.Address is { } one) kestrel.Listen(one, address.Port, Configure);
        else if (address.IsEveryAddress) kestrel.ListenAnyIP(address.Port, Configure);
        // One free port on both loopback addresses cannot be had at once.
        else if (address.Port == 0) kestrel.Listen(IPAddress.Loopback, 0, Configure);
        else kestrel.ListenLocalhost(address.Port, Configure);
    }

    /// <summary>The limits of Kestrel that come from ours. The size of request content is the origin's to limit.</summary>
    public static void Apply(this KestrelServerLimits limits, ClientSettings client)
    {
        limits.MaxConcurrentConnections = client.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = client.MaxConnections;
        limits.MaxRequestHeadersTotalSize = (int)client.MaxRequestHeadSize;
        limits.MaxRequestLineSize = (int)client.MaxRequestHeadSize;
        limits.MaxRequestBodySize = null;
        limits.RequestHeadersTimeout = client.HeadTimeout;
        limits.KeepAliveTimeout = client.IdleTimeout;
        limits.MinRequestBodyDataRate = limits.MinResponseDataRate =
            client.MinRate == 0 ? null : new MinDataRate(client.MinRate, client.MinRateGrace);
    }
}
