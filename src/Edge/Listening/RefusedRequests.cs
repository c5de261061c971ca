using System.Diagnostics.Metrics;
using Granary.Semantics.Framing;

namespace Granary.Edge.Listening;

/// <summary>Counts requests refused by the strict guard, by violation: <c>granary_requests_refused_total{reason}</c> in Prometheus' words.</summary>
internal sealed class RefusedRequests(IMeterFactory? meters)
{
    public const string MeterName = "Granary.Listening";

    private static readonly Meter Shared = new(MeterName);

    private readonly Counter<long> _refused = (meters?.Create(MeterName) ?? Shared)
        .CreateCounter<long>("granary.requests.refused", "{request}", "Requests whose framing was not valid or not safe");

    public void Add(FramingViolation violation) => _refused.Add(1, new KeyValuePair<string, object?>("reason", violation.ToString()));
}
