using System.Diagnostics.Metrics;

namespace Granary.Edge.Rules.Compression;

/// <summary>Compressed forms in numbers, read when they are asked for.</summary>
internal static class CompressionMeter
{
    public static CompressedForms Of(CompressedForms forms, IMeterFactory meters)
    {
        var meter = meters.Create("Granary.Edge");
        meter.CreateObservableGauge("granary.compression.memory", () => forms.Bytes, "By", "Memory of compressed forms, never more than the budget.");
        meter.CreateObservableGauge("granary.compression.limit", () => forms.Limit, "By", "The budget.");
        meter.CreateObservableGauge("granary.compression.forms", () => forms.Count, description: "Compressed forms that are kept.");
        meter.CreateObservableCounter("granary.compression.made", () => forms.Made, description: "Compressed forms that were made.");
        meter.CreateObservableCounter("granary.compression.used", () => forms.Used, description: "Answers that had a compressed form waiting for them.");
        return forms;
    }
}
