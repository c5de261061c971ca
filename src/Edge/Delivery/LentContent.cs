using Granary.Edge.Listening.Loops;
using Granary.Grains.Store;
using Granary.Silo.Content;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Delivery;

/// <summary>Sends stored content from where it lies, without a copy, to clients whose connection can (<see cref="ILending"/>).</summary>
internal static class LentContent
{
    /// <summary>What is not longer is sooner copied behind the head, in bytes.</summary>
    public const int Copied = 2048;

    /// <summary>What is lent between two looks at how fast the client reads, in bytes.</summary>
    private const int MostAtOnce = 1 << 20;

    /// <returns>Null where content has to be copied.</returns>
    public static ILending? LendingTo(HttpContext context, ContentReader reader) =>
        // What is complete and retained stays where it is while there is a reader of it.
        reader.Content is { State: ContentState.Complete, IsRetained: true }
        && context.Response.ContentLength is not null // of a chunk Kestrel writes the size in front, into the memory it was given: what was still arriving when the head was made
        && HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<ILending>() is { } lending
        && ReferenceEquals(context.Features.Get<IHttpResponseBodyFeature>(), context.Features.Get<IHttpRequestFeature>()) // nobody stands between
            ? lending : null;

    /// <summary>Sends the next <paramref name="left"/> bytes, and disposes of the reader when they have been sent, or never will be.</summary>
    public static async Task Send(ContentReader reader, long left, HttpContext context, ILending lending)
    {
        try
        {
            await context.Response.StartAsync(context.RequestAborted); // before that Kestrel gives memory that it copies from
            while (left > 0)
            {
                if (!TryLend(reader, ref left, context, lending))
                {
                    await ContentSending.Send(reader, left, context);
                    return;
                }

                if ((await context.Response.BodyWriter.FlushAsync(context.RequestAborted)).IsCompleted) return; // the client has gone
            }
        }
        finally
        {
            lending.Afterwards(reader);
        }
    }

    // False: somebody stands between after all, or the connection is over, and gives memory for nothing.
    private static bool TryLend(ContentReader reader, ref long left, HttpContext context, ILending lending)
    {
        var body = context.Response.BodyWriter;
        for (var lent = 0; lent < MostAtOnce && left > 0 && reader.TryRead(out var bytes);)
        {
            if (bytes.Length > left) bytes = bytes[..(int)left];
            lending.Lend(bytes);
            var given = body.GetMemory(1);
            if (!given.Span.Overlaps(bytes.Span))
            {
                lending.TakeBack();
                return false;
            }

            body.Advance(bytes.Length);
            reader.Advance(bytes.Length);
            (lent, left) = (lent + bytes.Length, left - bytes.Length);
        }

        return true;
    }
}
