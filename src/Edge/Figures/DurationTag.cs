using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Figures;

/// <summary>Puts the outcome beside the others by which the server measures how long requests take: <c>http_server_request_duration_seconds{cache}</c>.</summary>
internal static class DurationTag
{
    public const string Name = "cache";

    public static void Put(HttpContext context, string word)
    {
        if (context.Features.Get<IHttpMetricsTagsFeature>() is not { Tags: var tags }) return;
        if (tags.Count > 0 && tags.Any(static tag => tag.Key == Name)) return; // told once already
        tags.Add(new(Name, word));
    }
}
