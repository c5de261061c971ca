using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Listening.Loops;

/// <summary>Accepts connections, and gives each to a loop.</summary>
internal sealed class LoopListener(Socket socket, Func<EventLoop> next, TimeProvider clock) : IConnectionListener
{
    private static readonly TimeSpan UntilSomeAreClosed = TimeSpan.FromMilliseconds(50);

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync(cancellationToken);
                if (Begin(accepted) is { } connection) return connection;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException over) when (over.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException many) when (many.SocketErrorCode == SocketError.TooManyOpenSockets)
            {
                await Task.Delay(UntilSomeAreClosed, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (SocketException)
            {
                // The client was gone before it was accepted.
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private LoopConnection? Begin(Socket accepted)
    {
        try
        {
            accepted.NoDelay = true;
            var connection = new LoopConnection(next(), accepted, clock);
            connection.Begin();
            return connection;
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            accepted.Dispose();
            return null;
        }
    }
}
