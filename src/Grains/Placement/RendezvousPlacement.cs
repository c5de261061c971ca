using Orleans.Placement;
using Orleans.Runtime;

namespace Granary.Grains.Placement;

/// <summary>A grain comes up on the silo that ranks first for its key among those that are active.</summary>
[GenerateSerializer, Immutable, Alias("granary.RendezvousPlacement")]
public sealed class RendezvousPlacement : PlacementStrategy;

/// <inheritdoc cref="RendezvousPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RendezvousPlacementAttribute() : PlacementAttribute(new RendezvousPlacement());
