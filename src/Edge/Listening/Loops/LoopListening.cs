using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Granary.Edge.Listening.Loops;

/// <summary>Listeners whose connections are served by event loops, on Linux; all others have the standard sockets.</summary>
/// <param name="loops">How many threads.</param>
internal sealed class LoopListening(int loops, IMemoryPoolFactory<byte> pools, IOptions<SocketTransportOptions> sockets, TimeProvider clock) : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<EndPoint> _taken = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<int> _ports = [];
    private EventLoop[] _loops = [];
    private int _next;

    /// <summary>Before it is bound.</summary>
    public void Take(ListenOptions listener)
    {
        if (listener.EndPoint is not IPEndPoint { Port: var port } endPoint) return;
        _taken.Add(endPoint);
        if (port != 0) _ports.Add(port); // Kestrel makes two of "localhost" and of "any address"
    }

    public bool CanBind(EndPoint endpoint) => Kernel.IsHere && loops > 0 && (_taken.Contains(endpoint) || (endpoint is IPEndPoint { Port: var port } && _ports.Contains(port)));

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket socket;
        try
        {
            socket = sockets.Value.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException used) when (used.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(used.Message, used);
        }

        socket.Listen(sockets.Value.Backlog);
        return ValueTask.FromResult<IConnectionListener>(new LoopListener(socket, Next, clock));
    }

    public void Dispose()
    {
        foreach (var loop in _loops) loop.Dispose();
    }

    private EventLoop Next()
    {
        lock (_gate)
        {
            if (_loops.Length == 0) _loops = [.. Enumerable.Range(0, loops).Select(index => new EventLoop(index, pools.Create()))];
            return _loops[_next = (_next + 1) % _loops.Length];
        }
    }
}
