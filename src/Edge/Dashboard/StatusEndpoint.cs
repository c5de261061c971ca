using System.Text.Json;
using Granary.Silo.Admin;

namespace Granary.Edge.Dashboard;

/// <summary><c>GET /status</c>: how this edge is, what it did of late, and how the silos are, as JSON. Whoever asks is looking, so that from then on durations and URLs are counted too.</summary>
internal sealed class StatusEndpoint(StatusText text, SilosAround silos, Figures.RecentFigures figures)
{
    public static readonly AdminRoute Route = new("GET", "/status", static context => context.RequestServices.GetRequiredService<StatusEndpoint>().Answer(context));

    private async Task Answer(HttpContext context)
    {
        figures.Look();
        var around = await silos.Look();
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        text.Write(json, around);
    }
}
