using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Granary.Silo.Hosting;

/// <summary>
/// The address under which the others reach this process, where none was given: the one from which this machine reaches Redis, since the others reach the same Redis. So it is
/// loopback where Redis is on this machine, and everything on a laptop works without a word about addresses.
/// </summary>
internal static class AdvertisedAddress
{
    public static IPAddress Of(string redis)
    {
        foreach (var endPoint in Redis.EndPointsOf(redis))
            if (SourceTowards(endPoint) is { } source) return source;
        return FirstRoutable() ?? IPAddress.Loopback;
    }

    /// <summary>Where to listen for it: another machine may have that address, and lead to this one (NAT).</summary>
    public static IPAddress ToListenOn(IPAddress advertised) =>
        IPAddress.IsLoopback(advertised) || Ours().Contains(advertised) ? advertised
        : advertised.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;

    // To connect a datagram socket sends nothing; it only asks the routing table.
    private static IPAddress? SourceTowards(EndPoint endPoint)
    {
        try
        {
            var target = endPoint is DnsEndPoint named ? new IPEndPoint(Preferred(Dns.GetHostAddresses(named.Host)), named.Port) : (IPEndPoint)endPoint;
            using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(target);
            var source = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return source.IsIPv6LinkLocal ? null : source;
        }
        catch (SocketException)
        {
            return null; // the name is not known yet, or there is no way
        }
    }

    private static IPAddress Preferred(IPAddress[] addresses) =>
        Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses.FirstOrDefault() ?? throw new SocketException((int)SocketError.HostNotFound);

    private static IPAddress? FirstRoutable() => Ours()
        .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
        .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault();

    private static IEnumerable<IPAddress> Ours() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus == OperationalStatus.Up)
        .SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address);
}
