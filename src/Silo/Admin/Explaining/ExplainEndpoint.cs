using System.Text.Json;
using Granary.Silo.Admin.Purging;
using Granary.Silo.Configuration;

namespace Granary.Silo.Admin.Explaining;

/// <summary><c>GET /explain?url=…</c>: what is stored of a URL and where, why its last answers were what they were, and who holds leases.</summary>
internal sealed class ExplainEndpoint(IExplaining explaining, SettingsSource settings)
{
    private const string Instead = "Write /explain?url=https%3A%2F%2Fwww.example.com%2Fpage: one absolute http or https URL as clients ask for it, percent-encoded as a whole.";

    public static readonly AdminRoute Route = new("GET", "/explain", static context => context.RequestServices.GetRequiredService<ExplainEndpoint>().Answer(context));

    private async Task Answer(HttpContext context)
    {
        if (UriOf(context.Request.Query) is not { } uri)
        {
            await AdminProblem.Write(context, StatusCodes.Status400BadRequest, Instead);
            return;
        }

        var explained = await explaining.Explain(uri);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Indented = true });
        new ExplanationText(json, settings.Current.Cluster.Name).Write(uri, explained);
    }

    // A URL whose own query was not encoded would end at its first "&", and another one be explained.
    private string? UriOf(IQueryCollection query) =>
        query.Count == 1 && query["url"] is [{ Length: > 0 and <= PurgeOrders.MostText } url] ? PurgeOrders.UriOf(url, settings.Current.Cache.StripQueryParameters) : null;
}
