using System.IO.Pipelines;
using System.Net.Security;
using Granary.Edge.Listening.Loops;
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
        connection.Transport = new Guarded(new GuardedInput(transport.Input, output, this, connection.ConnectionId), output);
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

    private static bool SpeaksHttp2(ConnectionContext connection) =>
        connection.Features.Get<ISslStreamFeature>()?.SslStream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    private sealed class Guarded(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
