using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Dialing;

/// <summary>Opens TCP connections.</summary>
internal static class Sockets
{
    /// <exception cref="OriginConnectException">The address that it shall come from is none of this machine.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns the socket, and the catch closes it when there is no stream.")]
    public static async ValueTask<Stream> Connect(IPEndPoint to, IPAddress? from, CancellationToken cancellationToken)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from is not null) Bind(socket, from);
            await socket.ConnectAsync(to, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Bind(Socket socket, IPAddress from)
    {
        LeavePortForConnect(socket);
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
        }
        catch (SocketException e)
        {
            throw new OriginConnectException(ConnectFault.SourceUnusable, e);
        }
    }

    // IP_BIND_ADDRESS_NO_PORT of Linux: else a port that is bound counts for all destinations together, and some 28,000 connections would be all there are.
    private static void LeavePortForConnect(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.SetRawSocketOption(0 /* IPPROTO_IP */, 24, BitConverter.GetBytes(1));
        }
        catch (SocketException)
        {
            // An old kernel: there are fewer ports, that is all.
        }
    }
}
