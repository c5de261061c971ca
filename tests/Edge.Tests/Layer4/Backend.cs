using System.Net;
using System.Net.Sockets;
using Granary.Language;

namespace Granary.Edge.Tests.Layer4;

/// <summary>A destination. Its port is its own from the beginning; while nobody listens, it refuses.</summary>
internal sealed class Backend : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? _listener;

    private Backend()
    {
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint Address { get; }

    public override string ToString() => Address.ToString();

    public static Backend Listens()
    {
        var backend = Refuses();
        backend.Starts();
        return backend;
    }

    public static Backend Refuses() => new();

    public void Starts()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(Address);
        _listener.Listen(512);
    }

    public void Stops() => _listener!.Dispose();

    public async Task<Wire> Accepts() => new(await _listener!.AcceptAsync().Within());

    public void Dispose()
    {
        _listener?.Dispose();
        _socket.Dispose();
    }
}
