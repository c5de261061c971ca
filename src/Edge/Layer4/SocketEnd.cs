using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Layer4;

/// <summary>The socket itself, since only so can that half be closed alone (docs/decisions/0011-layer-4.md). Nobody else writes to it: Kestrel's output stays empty.</summary>
internal sealed class SocketEnd(ConnectionContext connection) : ClientEnd
{
    private readonly Socket _socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;

    public override async ValueTask Send(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
    }

    public override ValueTask Shutdown()
    {
        _socket.Shutdown(SocketShutdown.Send);
        return ValueTask.CompletedTask;
    }

    public override void Reset()
    {
        Tunnel.ResetWhenClosed(_socket);
        connection.Abort(new ConnectionAbortedException("The connection has been cut."));
    }
}
