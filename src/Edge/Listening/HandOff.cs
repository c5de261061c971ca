using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Listening;

/// <summary>
/// An end point without a socket: connections whose first bytes say HTTP/2 are handed to it by the listener that accepted them. Kestrel decides
/// per end point, not per connection, which protocol it speaks without TLS; so it is given a second end point.
/// </summary>
internal sealed class HandOffEndPoint(string name) : EndPoint
{
    // No authority of a URI ends so: it is never taken for an address that somebody could connect to.
    private const string End = ")";

    public static bool IsOne(string address) => address.EndsWith(End, StringComparison.Ordinal);

    public override string ToString() => $"({name}{End}";
}

/// <summary>Where connections are handed on inside one process.</summary>
internal sealed class HandOff(string name = "http2-prior-knowledge")
{
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    public HandOffEndPoint EndPoint { get; } = new(name);

    /// <summary>Hands a connection on and waits until it is over.</summary>
    public async Task Take(ConnectionContext connection)
    {
        var handed = new HandedConnection(connection);
        if (_connections.Writer.TryWrite(handed)) await handed.Over;
    }

    public async ValueTask<ConnectionContext?> Next(CancellationToken cancellationToken)
    {
        try
        {
            return await _connections.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public void Close() => _connections.Writer.TryComplete();
}

/// <summary>Lets Kestrel accept what is handed on.</summary>
internal sealed class HandOffListenerFactory(HandOff handOff) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => ReferenceEquals(endpoint, handOff.EndPoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new Listener(endpoint, handOff));

    private sealed class Listener(EndPoint endPoint, HandOff handOff) : IConnectionListener
    {
        public EndPoint EndPoint => endPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => handOff.Next(cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            handOff.Close();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
