using System.Collections.Immutable;
using System.Text.Json;
using Granary.Silo.Configuration;

namespace Granary.Silo.Admin.Purging;

/// <summary>
/// <c>POST /purge</c>: (1) wait for the turn  (2) take in the call, in bounds  (3) understand it, or say what to write instead  (4) purge, and answer when it holds everywhere (P2)
/// (5) one line in the log for each call.
/// </summary>
internal sealed class PurgeEndpoint(IPurging purging, PurgeRate rate, Func<CacheSettings> cache, RecentPurges recent, TimeProvider clock, ILogger<PurgeEndpoint> logger)
{
    private const int MostBytes = 1 << 20;

    private const string NotSure = "Not every silo has acknowledged it in time, so it may hold in part only. Send it again: once more does no harm.";

    public static readonly AdminRoute Route = new("POST", "/purge", static context => context.RequestServices.GetRequiredService<PurgeEndpoint>().Answer(context));

    public async Task Answer(HttpContext context)
    {
        var began = clock.GetTimestamp();
        try
        {
            if (rate.Take() is not { } wait) // (1)
            {
                context.Response.Headers.RetryAfter = "1";
                await Refuse(context, StatusCodes.Status429TooManyRequests, "More purges than Granary:Admin:PurgesPerSecond. Try again, or put up to 1,000 URLs into one call: {\"urls\": […]}.");
                return;
            }

            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, context.RequestAborted);
            if (await Content(context) is { } content) await Answer(context, PurgeOrders.Read(content, cache().StripQueryParameters), began); // (2)
            else await Refuse(context, StatusCodes.Status413PayloadTooLarge, "A call has at most 1 MiB. Send several.");
        }
        catch (BadHttpRequestException broken)
        {
            if (!context.Response.HasStarted) await Refuse(context, broken.StatusCode, "The content of the call could not be read.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
    }

    private Task Answer(HttpContext context, PurgeReading reading, long began) => reading switch // (3)
    {
        PurgeReading.Understood understood => Purge(context, understood.Order, began),
        PurgeReading.Mistaken mistaken => Refuse(context, StatusCodes.Status400BadRequest, mistaken.Instead),
        _ => throw new InvalidOperationException($"{reading.GetType().Name} is no reading."),
    };

    // What was begun is done, whether or not the client waits for it.
    private async Task Purge(HttpContext context, PurgeOrder order, long began)
    {
        var purged = order.Scope is { } scope ? await purging.Purge(scope, order.IsSoft) : await purging.Purge(order.Uris, order.IsSoft); // (4)
        int? hit = order.Scope is null ? purged?.Hit : null;
        var took = clock.GetElapsedTime(began);
        logger.Purged(ClientOf(context), order.Kind, order.Shown, order.IsSoft, purged is null ? "refused" : "done", hit, took.TotalMilliseconds);   // (5)
        recent.Note(ClientOf(context), order.Kind, order.Shown, order.IsSoft, purged is not null, hit, took);
        if (purged is not null) await Write(context, order, hit, purged.Fenced, took);
        else
        {
            context.Response.Headers.RetryAfter = "2";
            await AdminProblem.Write(context, StatusCodes.Status503ServiceUnavailable, NotSure);
        }
    }

    private static async Task Write(HttpContext context, PurgeOrder order, int? hit, ImmutableArray<string> fenced, TimeSpan took)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        if (hit is { } count) json.WriteNumber("purged", count);
        else json.WriteNull("purged");
        json.WriteNumber("milliseconds", Math.Round(took.TotalMilliseconds, 3));
        json.WriteString("scope", order.Kind);
        json.WriteBoolean("soft", order.IsSoft);
        if (!fenced.IsDefaultOrEmpty)
        {
            json.WriteStartArray("fenced");
            foreach (var silo in fenced) json.WriteStringValue(silo);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <returns>Null if it is too large.</returns>
    private static async Task<ReadOnlyMemory<byte>?> Content(HttpContext context)
    {
        if (context.Request.ContentLength > MostBytes) return null;
        var bytes = new byte[(int)(context.Request.ContentLength ?? 4096) + 1];
        for (var length = 0; ; Array.Resize(ref bytes, Math.Min(bytes.Length * 2, MostBytes + 1)))
        {
            while (length < bytes.Length)
            {
                var count = await context.Request.Body.ReadAsync(bytes.AsMemory(length), context.RequestAborted);
                if (count == 0) return bytes.AsMemory(0, length);
                length += count;
            }

            if (length > MostBytes) return null;
        }
    }

    private async Task Refuse(HttpContext context, int status, string instead)
    {
        logger.PurgeRefused(ClientOf(context), status);
        await AdminProblem.Write(context, status, instead);
    }

    private static string ClientOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
