using System.Diagnostics.Metrics;
using Granary.Grains.Store;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Granary.Silo.Content;

/// <summary>
/// Answers with bytes of a content of this silo's store:
/// (1) open it, 404 when it is gone  (2) state a length, if there is one  (3) send, also while it arrives  (4) cut the connection if it breaks (P4).
/// </summary>
internal sealed class ContentResponses
{
    /// <summary>A content that broke before anything of it was sent: it is not gone, so the edge need not look up again.</summary>
    internal const int Broken = StatusCodes.Status502BadGateway;

    // What Kestrel takes at once, however slow the edge is: nobody can hold us up with less.
    private const int TakenAtOnce = 64 << 10;

    private readonly ResponseStore _store;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _sent;

    public ContentResponses(ResponseStore store, TimeProvider clock, IMeterFactory meters)
    {
        (_store, _clock) = (store, clock);
        _sent = meters.Create("Granary.Content").CreateCounter<long>("granary.content.sent", "By", "Bytes of content that edges and other silos have read at the content port.");
    }

    public async Task Answer(HttpContext context, ContentQuery asked)
    {
        if (!_store.TryOpen(asked.Id, asked.From, out var reader) || !TryMeasure(reader, asked, out var length)) // (1)
        {
            reader?.Dispose();
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using (reader)
        {
            if (asked.Holds)
            {
                await Hold(context);
                return;
            }

            context.Response.ContentLength = length;                                                         // (2)
            if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace) pace.MinDataRate = null; // StallWatch
            await Send(context, reader, length ?? asked.Count);                                              // (3), (4)
            _sent.Add(reader.Position - asked.From);
        }
    }

    // Whoever was lost without a word is not waited for longer than for one that stalls.
    private async Task Hold(HttpContext context)
    {
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(StallWatch.Period * 2, _clock, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            using var watch = length <= TakenAtOnce ? null : new StallWatch(reader, context, _clock);
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
