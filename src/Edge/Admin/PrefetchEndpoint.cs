using System.Collections.Immutable;
using System.Text.Json;
using Granary.Silo.Admin;

namespace Granary.Edge.Admin;

/// <summary><c>POST /prefetch</c>: has URLs fetched by their owners, and answers when each is stored or will not be.</summary>
internal sealed class PrefetchEndpoint(Prefetching prefetching, TimeProvider clock, ILogger<PrefetchEndpoint> logger)
{
    private const int MostBytes = 1 << 20;

    public static readonly AdminRoute Route = new("POST", "/prefetch", static context => context.RequestServices.GetRequiredService<PrefetchEndpoint>().Answer(context));

    private async Task Answer(HttpContext context)
    {
        try
        {
            if (await Content(context) is { } content) await Answer(context, PrefetchOrders.Read(content));
            else await AdminProblem.Write(context, StatusCodes.Status413PayloadTooLarge, "A call has at most 1 MiB. Send several.");
        }
        catch (Exception broken) when (broken is BadHttpRequestException or IOException)
        {
            if (!context.Response.HasStarted) await AdminProblem.Write(context, StatusCodes.Status400BadRequest, "The content of the call could not be read.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer. What is being fetched is fetched; what has not begun does not.
        }
    }

    private Task Answer(HttpContext context, (ImmutableArray<string> Urls, string Instead) read) =>
        read.Urls.IsEmpty ? AdminProblem.Write(context, StatusCodes.Status400BadRequest, read.Instead) : Fetch(context, read.Urls);

    private async Task Fetch(HttpContext context, ImmutableArray<string> urls)
    {
        var began = clock.GetTimestamp();
        var results = await prefetching.Fetch(urls, context.Connection.RemoteIpAddress, context.RequestAborted);
        var (stored, milliseconds) = (results.Count(static one => one.Outcome == Prefetched.Stored), clock.GetElapsedTime(began).TotalMilliseconds);
        logger.HasPrefetched(context.Connection.RemoteIpAddress?.ToString() ?? "unknown", results.Length, stored, milliseconds);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        foreach (var (name, outcome) in new[] { ("stored", Prefetched.Stored), ("notStorable", Prefetched.NotStorable), ("failed", Prefetched.Failed) })
            json.WriteNumber(name, results.Count(one => one.Outcome == outcome));
        json.WriteNumber("milliseconds", Math.Round(milliseconds, 3));
        json.WriteStartArray("results");
        foreach (var one in results) Write(json, one);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Prefetched one)
    {
        json.WriteStartObject();
        json.WriteString("url", one.Url);
        json.WriteString("outcome", one.Outcome);
        json.WriteNumber("status", one.Status);
        json.WriteString("reason", one.Reason);
        json.WriteEndObject();
    }

    /// <returns>Null if it is too large.</returns>
    private static async Task<ReadOnlyMemory<byte>?> Content(HttpContext context)
    {
        if (context.Request.ContentLength > MostBytes) return null;
        var bytes = new byte[(int)(context.Request.ContentLength ?? MostBytes) + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
        return length > MostBytes ? null : bytes.AsMemory(0, length);
    }
}
