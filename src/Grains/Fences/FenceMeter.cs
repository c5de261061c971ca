using System.Diagnostics.Metrics;

namespace Granary.Grains.Fences;

/// <summary>Fences in numbers.</summary>
internal sealed class FenceMeter
{
    private readonly Counter<long> _written;
    private readonly Counter<long> _caughtUp;
    private readonly Histogram<double> _wait;

    public FenceMeter(IMeterFactory meters, FenceKnowledge knowledge)
    {
        var meter = meters.Create("Granary.Cluster");
        _written = meter.CreateCounter<long>("granary.fences.written", null, "Invalidations that were written for a silo that did not answer.");
        _caughtUp = meter.CreateCounter<long>("granary.fences.heard", null, "Times that this silo was fenced, and has heard what it missed.");
        _wait = meter.CreateHistogram<double>("granary.fences.wait", "s", "How long invalidations waited until nobody relied on a silo that did not answer.");
        meter.CreateObservableGauge("granary.fences.fenced", () => knowledge.Count, null, "Silos that are fenced now, as far as this one knows.");
    }

    public void Fenced() => _written.Add(1);

    public void CaughtUp() => _caughtUp.Add(1);

    public void Waited(TimeSpan span) => _wait.Record(span.TotalSeconds);
}
