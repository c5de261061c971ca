using System.IO.Pipelines;
using System.Net.Security;
using Granary.Edge.Listening.Loops;
using Granary.Edge.Listening.Repeats;
using Granary.Semantics.Framing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Granary.Edge.Listening;

/// <summary>The strict guard of one listener: wraps the transport of each connection that may speak HTTP/1.</summary>
internal sealed class StrictHttp1(StrictHttp1Options options, RefusedRequests refused, ILogger log, TimeProvider clock)
{
    public FramingLimits Limits => options.Limits;

    public async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        if (SpeaksHttp2(connection))
        {
            await next(connection);
            return;
        }

        var transport = connection.Transport;
        var output = new GuardedOutput(transport.Output);
        var repeats = RepeatsOf(connection, transport);
        connection.Transport = new Guarded(new GuardedInput(transport.Input, output, this, connection.ConnectionId, repeats), output);
        if (repeats is not null) connection.Features.Set(repeats);
        connection.Features.Set<IInterimResponseFeature>(output);
        var turns = connection.Features.Get<LoopTurns>();
        try
        {
            turns?.InLoop = true;
            await next(connection);
        }
        finally
        {
            turns?.InLoop = false;
            repeats?.LetGo();
            output.End();
            connection.Transport = transport;
        }
    }

    /// <summary>Says once per connection that, and why, a request was refused.</summary>
    public void Report(string connectionId, FramingViolation violation)
    {
        refused.Add(violation);
        log.RequestRefused(connectionId, violation);
    }

    public ReadOnlyMemory<byte> Answer(FramingViolation violation) => Refusal.Answer(violation, clock.GetUtcNow());

    // What a connection with TLS may ask for depends on its handshake too.
    private RepeatedRequests? RepeatsOf(ConnectionContext connection, IDuplexPipe transport) =>
        options.Repeats is null || connection.Features.Get<ISslStreamFeature>() is not null ? null : new RepeatedRequests(options.Repeats, this, connection, transport.Output, options.Idle, clock);

    private static bool SpeaksHttp2(ConnectionContext connection) =>
        connection.Features.Get<ISslStreamFeature>()?.SslStream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    private sealed class Guarded(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
