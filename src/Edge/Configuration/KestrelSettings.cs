using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Configuration;

/// <summary>Our settings in Kestrel's terms.</summary>
public static class KestrelSettings
{
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
