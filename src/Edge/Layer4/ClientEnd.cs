using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Granary.Edge.Layer4;

/// <summary>Where a tunnel writes what its client is sent.</summary>
internal abstract class ClientEnd
{
    /// <summary>The socket of the client; or with TLS what lies between.</summary>
    public static ClientEnd Of(ConnectionContext connection) =>
        connection.Features.Get<ISslStreamFeature>() is null
            ? new SocketEnd(connection)
            : new PipeEnd(connection.Transport.Output, () => connection.Abort(new ConnectionAbortedException("The connection has been cut.")));

    /// <exception cref="IOException">The client is gone.</exception>
    /// <exception cref="SocketException">The same.</exception>
    public abstract ValueTask Send(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Nothing more comes; the client may go on sending.</summary>
    public abstract ValueTask Shutdown();

    /// <summary>The client shall see that this is not the end.</summary>
    public abstract void Reset();
}
