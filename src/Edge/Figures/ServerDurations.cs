using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Metadata;

namespace Granary.Edge.Figures;

/// <summary>
/// Durations of requests that the server has not seen, in its own instrument, <c>http_server_request_duration_seconds</c>, and told in its words: whoever looks at it sees all requests.
/// </summary>
internal sealed class ServerDurations(IMeterFactory meters)
{
    // A meter gives the same instrument to all who describe it alike; it is there by the time the first request comes.
    private readonly Lazy<Histogram<double>> _duration = new(() => meters.Create("Microsoft.AspNetCore.Hosting").CreateHistogram(
        "http.server.request.duration", "s", "Duration of HTTP server requests.", tags: null,
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] }));

    public void Record(TimeSpan duration, KeyValuePair<string, object?>[] tags)
    {
        if (_duration.Value.Enabled) _duration.Value.Record(duration.TotalSeconds, tags);
    }

    /// <summary>As the server would tell a hit of the request (OpenTelemetry, semantic conventions for HTTP servers).</summary>
    public static KeyValuePair<string, object?>[] TagsOf(HttpContext context, int status)
    {
        var tags = new List<KeyValuePair<string, object?>>
        {
            new("url.scheme", context.Request.Scheme), new("http.request.method", context.Request.Method), new("http.response.status_code", status), new("network.protocol.version", "1.1"),
        };
        if (context.GetEndpoint()?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>() is { Route: var route }) tags.Add(new("http.route", route));
        tags.Add(new(DurationTag.Name, OutcomeFigures.Words[0]));
        return [.. tags];
    }
}
