using System.Net;
using Granary.Silo.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>Where a silo is reached, and where it listens for that. The ports are bound already, those that were asked for as 0 as well.</summary>
internal sealed record SiloEndPoints(IPAddress Advertised, IPAddress Listened, int SiloPort, int GatewayPort, HeldPorts Ports) : IDisposable
{
    /// <exception cref="IOException">A port is taken.</exception>
    public static SiloEndPoints Take(ClusterSettings cluster)
    {
        var advertised = cluster.AdvertisedIP ?? AdvertisedAddress.Of(cluster.Redis!);
        var listened = AdvertisedAddress.ToListenOn(advertised);
        var ports = new HeldPorts();
        return new(advertised, listened, ports.Hold(listened, cluster.SiloPort, "Granary:Cluster:SiloPort"), ports.Hold(listened, cluster.GatewayPort, "Granary:Cluster:GatewayPort"), ports);
    }

    public void Dispose() => Ports.Dispose();
}
