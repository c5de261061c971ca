using System.Collections.Immutable;
using Granary.Grains.Store;
using Orleans.Runtime;

namespace Granary.Grains.Copies;

/// <summary>What was last offered to others of a content, and who has it.</summary>
/// <param name="Variant">In that state; after a validation it is another.</param>
internal sealed record Given(StoredVariant Variant, ImmutableArray<SiloAddress> To);
