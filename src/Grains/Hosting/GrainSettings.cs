using Granary.Grains.Copies;
using Granary.Grains.Egress;
using Granary.Grains.Leases;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Grains.Hosting;

/// <summary>All that the grains of a silo are told. What is a function is asked at the time of use, so a reloaded configuration holds at once.</summary>
public sealed record GrainSettings(Func<FetchOptions> Fetch, Func<ResourceOptions> Resources, ResponseStoreOptions Store, DestinationPolicy Destinations)
{
    public Func<CopyOptions> Copies { get; init; } = static () => new CopyOptions();

    public LeaseOptions Leases { get; init; } = new();

    public Func<EgressOptions> Egress { get; init; } = static () => EgressOptions.Default;
}
