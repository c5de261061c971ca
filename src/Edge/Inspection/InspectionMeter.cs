using System.Diagnostics.Metrics;

namespace Granary.Edge.Inspection;

/// <summary>
/// Tunnels that a rule inspects, by what became of them (<c>granary_inspection_tunnels_total{outcome}</c>), why some came to nothing (<c>granary_inspection_failures_total{reason}</c>), and their certificates
/// (<c>granary_inspection_certificates_total{outcome}</c>).
/// </summary>
internal sealed class InspectionMeter
{
    private readonly Counter<long> _tunnels, _failures, _certificates;

    public InspectionMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Granary.Inspection");
        _tunnels = meter.CreateCounter<long>("granary.inspection.tunnels", "{tunnel}", "Tunnels under a rule that inspects, by what became of them.");
        _failures = meter.CreateCounter<long>("granary.inspection.failures", "{tunnel}", "Tunnels that were to be inspected and came to nothing, by reason.");
        _certificates = meter.CreateCounter<long>("granary.inspection.certificates", "{certificate}", "Certificates of hosts that were needed: made, or there already.");
    }

    public void Inspected() => _tunnels.Add(1, new KeyValuePair<string, object?>("outcome", "inspected"));

    public void Spliced() => _tunnels.Add(1, new KeyValuePair<string, object?>("outcome", "spliced"));

    public void Failed(InspectionFault why)
    {
        if (why is not InspectionFault.NothingAsked) _tunnels.Add(1, new KeyValuePair<string, object?>("outcome", "failed"));
        _failures.Add(1, new KeyValuePair<string, object?>("reason", why.ToString()));
    }

    public void Minted() => _certificates.Add(1, new KeyValuePair<string, object?>("outcome", "minted"));

    public void Cached() => _certificates.Add(1, new KeyValuePair<string, object?>("outcome", "cached"));
}
