using Granary.Grains.Store;

namespace Granary.Silo.Content;

/// <summary>Copies content to a client as it arrives and as fast as the client reads, never further ahead than the response's own buffer.</summary>
public static class ContentSending
{
    /// <param name="length">Bytes to send, null for all there will be.</param>
    /// <exception cref="IncompleteContentException">The content broke.</exception>
    public static async Task Send(ContentReader reader, long? length, HttpContext context)
    {
        var left = length ?? long.MaxValue;
        var body = context.Response.BodyWriter;
        while (left > 0)
        {
            if (!reader.TryRead(out var bytes))
            {
                await body.FlushAsync(context.RequestAborted); // what is there, head included, goes out before we wait
                bytes = await reader.ReadAsync(context.RequestAborted);
            }

            if (bytes.IsEmpty) return;
            if (bytes.Length > left) bytes = bytes[..(int)left];
            var flushed = await body.WriteAsync(bytes, context.RequestAborted);
            reader.Advance(bytes.Length);
            left -= bytes.Length;
            if (flushed.IsCompleted) return; // the client has gone
        }
    }
}
