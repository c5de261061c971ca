using System.Diagnostics.Metrics;

namespace Granary.Grains.Copies;

/// <summary>Copies in numbers.</summary>
internal sealed class CopyMeter
{
    private readonly Counter<long> _given;
    private readonly Counter<long> _taken;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _moved;
    private readonly Histogram<double> _handOver;

    public CopyMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Granary.Cluster");
        _given = meter.CreateCounter<long>("granary.copies.given", null, "Stored responses that others took from this silo.");
        _taken = meter.CreateCounter<long>("granary.copies.taken", null, "Copies that this silo took, by what led to them.");
        _refused = meter.CreateCounter<long>("granary.copies.refused", null, "Copies that this silo did not take, by reason.");
        _bytes = meter.CreateCounter<long>("granary.copies.bytes", "By", "Content of copies that came in.");
        _moved = meter.CreateCounter<long>("granary.copies.dropped", null, "Stored responses dropped because others own and have them now.");
        _handOver = meter.CreateHistogram<double>("granary.handover.duration", "s", "How long a silo took to hand over what it kept.");
    }

    public void Given() => _given.Add(1);

    /// <param name="by"><c>offer</c> or <c>question</c>.</param>
    public void CameIn(CopyOutcome outcome, string by, long bytes)
    {
        if (outcome is CopyOutcome.Taken) _taken.Add(1, KeyValuePair.Create<string, object?>("by", by));
        else _refused.Add(1, KeyValuePair.Create<string, object?>("reason", CopyOutcomes.Word(outcome)));
        if (bytes > 0) _bytes.Add(bytes);
    }

    public void Dropped() => _moved.Add(1);

    public void HandedOver(TimeSpan duration) => _handOver.Record(duration.TotalSeconds);
}
