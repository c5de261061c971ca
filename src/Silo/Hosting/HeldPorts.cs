using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Granary.Silo.Hosting;

/// <summary>
/// Orleans writes its ports into the membership table before it listens, so it cannot be given port 0. The ports are therefore bound here, first, and held until Orleans
/// listens on them: nobody else can get them in between, as he could if a free port were looked for and given back.
/// </summary>
internal sealed class HeldPorts : IDisposable
{
    private readonly Dictionary<EndPoint, Socket> _held = [];

    /// <returns>The port that was bound: another one than asked for only for 0.</returns>
    /// <exception cref="IOException">It is taken, or not ours to take.</exception>
    public int Hold(IPAddress address, int port, string what)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException taken)
        {
            socket.Dispose();
            throw new IOException($"{what} cannot be {address}:{port}: {taken.Message}.", taken);
        }

        _held.Add(socket.LocalEndPoint!, socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Orleans' listeners, of silo and gateway, take what is held.</summary>
    public void GiveTo(IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
            if (services[i] is { IsKeyedService: true } found && found.ServiceType == typeof(IConnectionListenerFactory))
                services[i] = ServiceDescriptor.KeyedSingleton<IConnectionListenerFactory>(
                    found.ServiceKey, (provider, _) => new SocketTransportFactory(Options.Create(TakingHeld()), provider.GetRequiredService<ILoggerFactory>()));
    }

    public void Dispose()
    {
        foreach (var socket in _held.Values) socket.Dispose();
    }

    private SocketTransportOptions TakingHeld() => new()
    {
        CreateBoundListenSocket = endpoint => _held.Remove(endpoint, out var socket) ? socket : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint),
    };
}
