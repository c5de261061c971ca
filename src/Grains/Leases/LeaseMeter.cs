using System.Diagnostics.Metrics;

namespace Granary.Grains.Leases;

/// <summary>Leases in numbers.</summary>
internal sealed class LeaseMeter
{
    private readonly Meter _meter;
    private readonly Counter<long> _granted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _recalls;
    private readonly Counter<long> _notAcknowledged;
    private readonly Histogram<double> _recall;
    private readonly Histogram<double> _departure;

    public LeaseMeter(IMeterFactory meters)
    {
        _meter = meters.Create("Granary.Cluster");
        _granted = _meter.CreateCounter<long>("granary.leases.granted", null, "URIs that edges were allowed to hold.");
        _refused = _meter.CreateCounter<long>("granary.leases.refused", null, "URIs that edges were not allowed to hold, by reason.");
        _recalls = _meter.CreateCounter<long>("granary.leases.recalls", null, "Recalls for one edge each, by kind; nobody waits for those of superseded responses.");
        _notAcknowledged = _meter.CreateCounter<long>("granary.leases.unacknowledged", null, "Recalls that an edge did not acknowledge before its session ran out.");
        _recall = _meter.CreateHistogram<double>("granary.leases.recall.duration", "s", "Until all edges had acknowledged an invalidation, or their sessions had run out.");
        _departure = _meter.CreateHistogram<double>("granary.leases.departure.wait", "s", "How long invalidations waited for the leases of a silo that was lost.");
    }

    /// <summary>Only where there may be sessions.</summary>
    public void Watch(Sessions sessions)
    {
        _meter.CreateObservableGauge("granary.leases.sessions", () => sessions.Living.Length, null, "Edges that may hold something of this silo.");
        _meter.CreateObservableGauge("granary.leases.held", () => sessions.Holdings.Count, null, "URIs held by edges, as far as this silo knows.");
    }

    public void Granted() => _granted.Add(1);

    public void Refused(string why) => _refused.Add(1, KeyValuePair.Create<string, object?>("reason", why));

    /// <param name="kind"><c>uri</c>, <c>number</c> or <c>superseded</c>.</param>
    public void Recalled(string kind) => _recalls.Add(1, KeyValuePair.Create<string, object?>("kind", kind));

    public void NotAcknowledged() => _notAcknowledged.Add(1);

    public void RecallTook(TimeSpan span) => _recall.Record(span.TotalSeconds);

    public void WaitedForDeparture(TimeSpan span) => _departure.Record(span.TotalSeconds);
}
