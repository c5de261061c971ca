using System.Net;
using System.Net.Sockets;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Names;

/// <summary>Asks for the addresses of a host, in the time that a connection has.</summary>
internal static class Asking
{
    /// <exception cref="OriginConnectException">There are none.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async ValueTask<IPAddress[]> Addresses(NameResolver resolve, string host, ConnectDeadline deadline, CancellationToken limit)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        try
        {
            var asked = resolve(host, limit);
            var addresses = asked.IsCompletedSuccessfully ? asked.Result : await asked.AsTask().WaitAsync(limit).ConfigureAwait(false);
            return addresses.Length > 0 ? addresses : throw new OriginConnectException(ConnectFault.NameNotResolved);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)   // ArgumentException: over 255 characters, or not a name
        {
            throw new OriginConnectException(ConnectFault.NameNotResolved, e);
        }
        catch (OperationCanceledException e) when (deadline.WasItself)
        {
            throw new OriginConnectException(ConnectFault.NameNotResolved, e);
        }
    }
}
