using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Granary.Grains.Store;

/// <summary>The store in numbers, read when they are asked for.</summary>
internal sealed class StoreMeter(ResponseStore store, IMeterFactory meters) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create("Granary.Store");
        meter.CreateObservableGauge("granary.store.memory", () => store.Statistics.Bytes, "By", "Memory taken for content, keys and metadata, never more than the budget.");
        meter.CreateObservableGauge("granary.store.limit", () => store.Options.MemoryBytes, "By", "The budget.");
        meter.CreateObservableGauge("granary.store.content", () => store.Statistics.ContentBytes, "By", "Memory of content, also of what is arriving or being read.");
        meter.CreateObservableGauge("granary.store.metadata", () => store.Statistics.MetadataBytes, "By", "Memory of keys and metadata.");
        meter.CreateObservableGauge("granary.store.responses", () => store.Statistics.Objects, null, "Stored responses.");
        meter.CreateObservableCounter("granary.store.evictions", () => store.Statistics.Evictions, null, "Stored responses that went for others.");
        meter.CreateObservableCounter("granary.store.refused", () => store.Statistics.Refused, null, "Responses that could not be stored.");
        meter.CreateObservableCounter("granary.store.damaged", () => store.Statistics.Damaged, null, "Contents found damaged in memory and let go.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
