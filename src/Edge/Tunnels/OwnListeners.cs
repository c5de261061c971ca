using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Granary.Edge.Tunnels;

/// <summary>Knows a connection that has come back to this process: a tunnel into the proxy would go round and round, and one to the administration would come from a trusted address.</summary>
/// <param name="server">Asked late: whoever needs this is part of its configuration.</param>
internal sealed class OwnListeners(Func<IServer> server)
{
    public bool IsOwn(Socket connected)
    {
        if (connected is not { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote } || !local.Address.Equals(remote.Address)) return false; // to this machine one goes from the very address
        return server().Features.Get<IServerAddressesFeature>()?.Addresses.Any(address => PortOf(address) == remote.Port) == true;
    }

    private static int? PortOf(string address) => Uri.TryCreate(address.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri) ? uri.Port : null;
}
