using System.Net;
using Granary.Edge.Listening.Loops;
using Granary.Edge.Tests.Layer4;
using Granary.Language;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Granary.Edge.Tests.Listening.Loops;

/// <summary>Event loops with a listener, and nothing above.</summary>
internal sealed class LoopWorld : IAsyncDisposable
{
    private static readonly ServiceProvider Kestrel = WebApplication.CreateSlimBuilder().Services.BuildServiceProvider();

    private readonly LoopListening _loops;
    private readonly IConnectionListener _listener;

    private LoopWorld(LoopListening loops, IConnectionListener listener) => (_loops, _listener) = (loops, listener);

    public static async Task<LoopWorld> Starts(int loops = 1, TimeProvider? clock = null)
    {
        var listening = new LoopListening(loops, Kestrel.GetRequiredService<IMemoryPoolFactory<byte>>(), Options.Create(new SocketTransportOptions()), clock ?? TimeProvider.System);
        return new LoopWorld(listening, await listening.BindAsync(new IPEndPoint(IPAddress.Loopback, 0)));
    }

    /// <summary>Both ends of a new connection.</summary>
    public async Task<(Wire Client, ConnectionContext Server)> Connects()
    {
        var client = await Wire.To((IPEndPoint)_listener.EndPoint);
        return (client, (await _listener.AcceptAsync().AsTask().Within())!);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _loops.Dispose();
        _loops.Dispose(); // a container disposes of what is registered twice twice
    }

    public static Task Closes(ConnectionContext connection)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);
        return closed.Task.Within();
    }
}
