using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Granary.Silo.Admin;

/// <summary>Which instruments are metrics of this host, and how many series each may have: room for all of them is taken at once (72 bytes and more for each).</summary>
internal static class Streams
{
    /// <summary>What comes beyond is counted together, as <c>otel_metric_overflow="true"</c>.</summary>
    private static readonly MetricStreamConfiguration Few = new() { CardinalityLimit = 100 };
    private static readonly MetricStreamConfiguration Some = new() { CardinalityLimit = 500 };

    /// <summary>Meters are found by name in the whole process: those of another host in it (an application that embeds two, tests) are left to that host.</summary>
    public static Func<Instrument, MetricStreamConfiguration?> Of(IMeterFactory own) => instrument => instrument.Meter switch
    {
        { Scope: IMeterFactory other } when other != own => MetricStreamConfiguration.Drop,
        { Name: "Microsoft.Orleans" } => Few,
        { Name: var name } when name.StartsWith("Granary", StringComparison.Ordinal) => Some,
        _ => null, // 2,000, OpenTelemetry's own limit
    };
}
