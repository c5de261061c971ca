using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Tunnels;

/// <summary>What carries a tunnel on the side of the client: its connection, what is in the TLS of that, or a stream of HTTP/2.</summary>
/// <param name="Local">Where the client has come to.</param>
/// <param name="Abort">Cuts it.</param>
/// <param name="Closed">The client is gone.</param>
internal sealed record TunnelLine(IDuplexPipe Pipe, EndPoint? Local, Action Abort, CancellationToken Closed)
{
    public static TunnelLine Of(ConnectionContext connection) => new(connection.Transport, connection.LocalEndPoint, connection.Abort, connection.ConnectionClosed);

    public static TunnelLine Of(HttpContext context) => new(
        new Stream(context.Request.BodyReader, context.Response.BodyWriter),
        context.Connection.LocalIpAddress is { } address ? new IPEndPoint(address, context.Connection.LocalPort) : null, context.Abort, context.RequestAborted);

    private sealed record Stream(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
