using System.Buffers;
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
            switch (await FirstBytes.Look(connection, patience, clock, Judge, First.Other))
            {
                case First.Http2:
                    await handOff.Take(connection);
                    break;
                case First.Other:
                    await next(connection);
                    break;
            }
        });
        return options;
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
        Http2,
        Other,
    }
}
