using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Grains.Hosting;

/// <summary>All that the grains of a silo are told.</summary>
public sealed record GrainSettings(FetchOptions Fetch, ResourceOptions Resources, ResponseStoreOptions Store, DestinationPolicy Destinations);
