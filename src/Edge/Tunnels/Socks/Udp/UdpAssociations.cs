using System.Net;
using System.Net.Sockets;
using Granary.Edge.Access;
using Granary.Edge.Errors;
using Granary.Edge.Users;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tunnels.Socks.Udp;

/// <summary>Opens associations for clients that may have one, so many at a time.</summary>
internal sealed class UdpAssociations(ClientAccess access, UdpJudging judging, UdpMeter meter, Func<TunnelSettings> settings, TimeProvider clock)
{
    public bool AreOn => settings().Udp;

    /// <param name="port">Where the client says that it will send from; 0: that is not known yet.</param>
    /// <returns>To be disposed by <see cref="Close"/>; or why there is none.</returns>
    public (UdpAssociation? Association, ForwardError? Refusal) Open(EndPoint? client, EndPoint? local, ClientIdentity? who, int port)
    {
        if ((client as IPEndPoint)?.Address is not { } from || (local as IPEndPoint)?.Address is not { } here) return (null, ForwardError.Internal);
        if (access.ToForward(from) is { } refusal) return (null, new ForwardError.ClientRefused(refusal));
        if (meter.Opened() > settings().UdpAssociations) return (null, Closed(ForwardError.Overloaded));
        try
        {
            return (new UdpAssociation(judging, meter, settings(), clock, from, who, here, port), null);
        }
        catch (SocketException)
        {
            return (null, Closed(ForwardError.Overloaded));
        }
    }

    public void Close(UdpAssociation association)
    {
        association.Dispose();
        meter.Closed();
    }

    private ForwardError Closed(ForwardError why)
    {
        meter.Closed();
        return why;
    }
}
