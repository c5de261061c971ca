using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Granary.Edge.ProxyProtocol;

/// <summary>The time that a connection has to say its first bytes.</summary>
internal static class FirstBytes
{
    /// <summary>Ends after that time, and when the server stops: one that has said nothing yet must not make it wait.</summary>
    public static Waiting Limit(ConnectionContext connection, TimeSpan patience, TimeProvider clock) => new(connection, patience, clock);

    internal sealed class Waiting : IDisposable
    {
        private readonly CancellationTokenSource _source;
        private readonly CancellationTokenRegistration _stop;

        public Waiting(ConnectionContext connection, TimeSpan patience, TimeProvider clock)
        {
            _source = new CancellationTokenSource(patience, clock);
            var stops = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
            _stop = stops.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        }

        public CancellationToken Token => _source.Token;

        public void Dispose()
        {
            _stop.Dispose();
            _source.Dispose();
        }
    }
}
