using Granary.Grains.Store;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Granary.Silo.Content;

/// <summary>
/// Answers with bytes of a content of this silo's store:
/// (1) open it, 404 when it is gone  (2) state a length, if there is one  (3) send, also while it arrives  (4) cut the connection if it breaks (P4).
/// </summary>
internal sealed class ContentResponses(ResponseStore store, TimeProvider clock)
{
    /// <summary>A content that broke before anything of it was sent: it is not gone, so the edge need not look up again.</summary>
    internal const int Broken = StatusCodes.Status502BadGateway;

    // What Kestrel takes at once, however slow the edge is: nobody can hold us up with less.
    private const int TakenAtOnce = 64 << 10;

    public async Task Answer(HttpContext context, ContentQuery asked)
    {
        if (!store.TryOpen(asked.Id, asked.From, out var reader) || !TryMeasure(reader, asked, out var length)) // (1)
        {
            reader?.Dispose();
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using (reader)
        {
            context.Response.ContentLength = length;                                                         // (2)
            if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace) pace.MinDataRate = null; // StallWatch
            await Send(context, reader, length ?? asked.Count);                                              // (3), (4)
        }
    }

    // The length may have become known after it was opened.
    private static bool TryMeasure(ContentReader reader, ContentQuery asked, out long? length)
    {
        length = reader.Content.Length - asked.From;
        if (asked.Count < length) length = asked.Count;
        return length is not < 0;
    }

    private async Task Send(HttpContext context, ContentReader reader, long? length)
    {
        try
        {
            using var watch = length <= TakenAtOnce ? null : new StallWatch(reader, context, clock);
            await ContentSending.Send(reader, length, context);
            if (reader.Position > reader.Content.Arrived) context.Abort(); // asked for from beyond what turned out to be its end
        }
        catch (IncompleteContentException) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = Broken;
        }
        catch (IncompleteContentException)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The edge has gone.
        }
    }
}
