using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Granary.Grains.Placement;

/// <inheritdoc cref="RendezvousPlacement"/>
internal sealed class RendezvousDirector(ISiloStatusOracle silos) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        return Task.FromResult(compatible.Length == 1 ? compatible[0] : First(target.GrainIdentity.Key.AsSpan(), compatible));
    }

    private SiloAddress First(ReadOnlySpan<byte> key, SiloAddress[] candidates)
    {
        var (best, weight, bestName) = (candidates[0], 0UL, (string?)null);
        foreach (var silo in candidates)
        {
            if (!silos.TryGetSiloName(silo, out var name)) continue;
            var own = Rendezvous.Weight(name, key);
            if (bestName is null || own > weight || (own == weight && string.CompareOrdinal(name, bestName) < 0)) (best, weight, bestName) = (silo, own, name);
        }

        return best;
    }
}
