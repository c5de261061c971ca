using System.Diagnostics.Metrics;
using Granary.Edge.Leases.Segments;
using Granary.Grains.Leases;
using Granary.Grains.Store;

namespace Granary.Edge.Leases;

/// <summary>Leased copies in numbers.</summary>
internal sealed class LeaseMeter
{
    private readonly Counter<long> _answered;
    private readonly Counter<long> _granted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _recalled;
    private readonly Counter<long> _segments;
    private readonly Meter _meter;

    public LeaseMeter(IMeterFactory meters)
    {
        _meter = meters.Create("Granary.Leases");
        _answered = _meter.CreateCounter<long>("granary.leases.answered", null, "Requests answered from leased copies.");
        _granted = _meter.CreateCounter<long>("granary.leases.granted", null, "Leases of URIs that this edge took, renewed ones counted.");
        _refused = _meter.CreateCounter<long>("granary.leases.refused", null, "Leases that were asked for and not had, by reason.");
        _recalled = _meter.CreateCounter<long>("granary.leases.recalled", null, "Recalls heard, by what they recall.");
        _segments = _meter.CreateCounter<long>("granary.leases.segments", null, "Segments of large contents that were wanted, by where they came from: here, or the silo.");
    }

    /// <summary>What is read when it is asked for.</summary>
    public void Watch(ResponseStore store, Func<int> sessions)
    {
        _meter.CreateObservableGauge("granary.leases.copies", () => store.Statistics.Objects, null, "Leased copies: stored responses.");
        _meter.CreateObservableGauge("granary.leases.memory", () => store.Statistics.Bytes, "By", "Memory taken by leased copies, never more than the budget.");
        _meter.CreateObservableGauge("granary.leases.content", () => store.Statistics.ContentBytes, "By", "Memory of their content.");
        _meter.CreateObservableGauge("granary.leases.metadata", () => store.Statistics.MetadataBytes, "By", "Memory of their keys and metadata.");
        _meter.CreateObservableCounter("granary.leases.evictions", () => store.Statistics.Evictions, null, "Leased copies that went for others.");
        _meter.CreateObservableGauge("granary.leases.sessions", sessions, null, "Silos with which this edge has a session: copies from others are not reused.");
    }

    public void Answered() => _answered.Add(1);

    public void Read(SegmentOrigin from) => _segments.Add(1, KeyValuePair.Create<string, object?>("from", from is SegmentOrigin.Here ? "here" : "silo"));

    public void Granted() => _granted.Add(1);

    public void Refused(string why) => _refused.Add(1, KeyValuePair.Create<string, object?>("reason", why));

    public void Recalled(Recall recall) =>
        _recalled.Add(recall is Recall.Uris uris ? uris.Keys.Length : 1, KeyValuePair.Create<string, object?>("scope", recall is Recall.Uris ? "url" : "number"));
}
