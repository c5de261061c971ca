using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Granary.Silo.Tls;

/// <summary>Handshakes are the dearest thing that a stranger can ask for: only so many are under way at once on a listener, and the next connection is closed.</summary>
internal sealed class HandshakeLimit(Handshakes handshakes, ILogger<HandshakeLimit> logger)
{
    private int _underWay;

    public async Task Begin(ConnectionContext connection, ConnectionDelegate next)
    {
        using var place = new Place(this);
        if (Interlocked.Increment(ref _underWay) > handshakes.Most)
        {
            logger.TooManyHandshakes(connection.ConnectionId);
            return;
        }

        connection.Features.Set(place);
        await next(connection);
    }

    /// <summary>Left when the handshake has ended well, or else with the connection.</summary>
    internal sealed class Place(HandshakeLimit limit) : IDisposable
    {
        private int _left;

        public void Leave()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) Interlocked.Decrement(ref limit._underWay);
        }

        public void Dispose() => Leave();
    }
}
