using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>
/// Judges what was read from the store by the invalidations since: what is gone leaves the store, what is stale is put there as such. On the way of every request; as long as nothing
/// was invalidated it compares one number for each stored response.
/// </summary>
internal sealed class Judging(ResponseStore store, GroupEpochs epochs, TimeProvider clock)
{
    /// <returns>Whether the store holds something else now: look again, and take what is <see cref="Current"/>.</returns>
    public bool Apply(string uri, ImmutableArray<StoredVariant> variants)
    {
        var changed = false;
        foreach (var variant in variants)
            changed |= variant.In(epochs) switch
            {
                Standing.Invalidated => store.Drop(uri, variant) || true,
                Standing.Outdated when !variant.IsOutdated => Outdate(uri, variant),
                _ => false,
            };
        return changed;
    }

    /// <summary>What stands after a second look: of that which changed meanwhile nothing is taken that is hit.</summary>
    public ImmutableArray<StoredVariant> Current(ImmutableArray<StoredVariant> variants)
    {
        foreach (var variant in variants)
            if (!Stands(variant)) return variants.RemoveAll(one => !Stands(one));
        return variants;
    }

    private bool Stands(StoredVariant variant) => variant.In(epochs) switch
    {
        Standing.Current => true,
        Standing.Outdated => variant.IsOutdated,
        _ => false,
    };

    // Should there be no room for it, then it goes.
    private bool Outdate(string uri, StoredVariant variant)
    {
        var at = variant.Membership?.OutdatedAt(epochs, variant.Response.TargetUri);
        return store.Replace(uri, variant, variant.Outdated(at, clock)) || store.Remove(uri, variant) || true;
    }
}
