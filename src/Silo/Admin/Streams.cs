using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Granary.Silo.Admin;

/// <summary>Which instruments are metrics of this host, and how many series each may have: room for all of them is taken at once (72 bytes and more for each).</summary>
internal static class Streams
{
    /// <summary>What comes beyond is counted together, as <c>otel_metric_overflow="true"</c>.</summary>
    private static readonly MetricStreamConfiguration Few = new() { CardinalityLimit = 100 };
    private static readonly MetricStreamConfiguration Some = new() { CardinalityLimit = 500 };

    /// <summary>The usual bounds begin at 5 ms, where hits have ended long ago. Series: methods and statuses and outcomes that occur.</summary>
    private static readonly ExplicitBucketHistogramConfiguration Durations = new()
    {
        Boundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        CardinalityLimit = 1000,
    };

    /// <summary>Meters are found by name in the whole process: those of another host in it (an application that embeds two, tests) are left to that host.</summary>
    public static Func<Instrument, MetricStreamConfiguration?> Of(IMeterFactory own) => instrument => instrument.Meter switch
    {
        { Scope: IMeterFactory other } when other != own => MetricStreamConfiguration.Drop,
        { Name: "Microsoft.Orleans" } => Few,
        { Name: "Microsoft.AspNetCore.Hosting" } when instrument.Name is "http.server.request.duration" => Durations,
        { Name: var name } when name.StartsWith("Granary", StringComparison.Ordinal) => Some,
        _ => null, // 2,000, OpenTelemetry's own limit
    };
}
