using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Listening;

/// <summary>
/// HTTP/2 with prior knowledge on the port that also speaks HTTP/1.1 (RFC 9113 §3.3): the first bytes are looked at, not consumed.
/// </summary>
internal static class PriorKnowledge
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <param name="patience">How long a client may be silent before it is dropped.</param>
    public static ListenOptions UseHttp2PriorKnowledge(this ListenOptions options, HandOff handOff, TimeSpan patience, TimeProvider clock)
    {
        options.Use(next => async connection =>
        {
            switch (await Peek(connection, patience, clock))
            {
                case First.Http2:
                    await handOff.Take(connection);
                    break;
                case First.Other:
                    await next(connection);
                    break;
                case First.Nothing:
                    break;
            }
        });
        return options;
    }

    private static async ValueTask<First> Peek(ConnectionContext connection, TimeSpan patience, TimeProvider clock)
    {
        using var silent = new CancellationTokenSource(patience, clock);
        // A server that stops waits for its connections: one that has said nothing yet must not make it wait.
        var stops = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        await using var stop = stops.UnsafeRegister(static silent => ((CancellationTokenSource)silent!).Cancel(), silent);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(silent.Token);
                var first = Judge(result.Buffer);
                var undecided = first is null && !result.IsCompleted;
                var nothing = result.Buffer.IsEmpty;
                input.AdvanceTo(result.Buffer.Start, undecided ? result.Buffer.End : result.Buffer.Start);
                if (!undecided) return first ?? (nothing ? First.Nothing : First.Other);
            }
        }
        catch (OperationCanceledException)
        {
            return First.Nothing;
        }
        catch (IOException)
        {
            return First.Nothing;
        }
    }

    private static First? Judge(ReadOnlySequence<byte> buffer)
    {
        var compared = (int)Math.Min(buffer.Length, Preface.Length);
        Span<byte> start = stackalloc byte[compared];
        buffer.Slice(0, compared).CopyTo(start);
        if (!start.SequenceEqual(Preface[..compared])) return First.Other;
        return compared == Preface.Length ? First.Http2 : null;
    }

    private enum First
    {
        Nothing,
        Http2,
        Other,
    }
}
