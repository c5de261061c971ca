using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Granary.Edge.Figures;
using Granary.Edge.Maintenance;
using Granary.Edge.Owners;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;

namespace Granary.Edge.Delivery.Hits;

/// <summary>What this process may answer with by itself, for those who ask what was asked before: chosen anew each time by what is stored then, so it is fresh and not invalidated (P2).</summary>
/// <param name="store">Where its content lies; null if there is none.</param>
internal sealed class HitsAtHand(IOwners owners, MaintenanceMode maintenance, HotUrls urls, ResponseStore? store = null)
{
    private readonly IHitsAtHand? _atHand = store is null ? null : owners as IHitsAtHand;

    /// <summary>Where content lies, if there is anything.</summary>
    public ResponseStore? Store => _atHand is null ? null : store;

    /// <returns>Null: the owner is to be asked.</returns>
    public Answer.Serve? Find(string key, Question question, out ImmutableArray<StoredVariant> variants) => _atHand!.Find(key, question, out variants);

    /// <param name="reader">Holds the content, to be disposed of.</param>
    /// <returns>False: not this time, and the request goes the whole way.</returns>
    public bool TryOpen(PreparedHit hit, [NotNullWhen(true)] out Answer.Serve? answer, [NotNullWhen(true)] out ContentReader? reader)
    {
        (answer, reader) = (null, null);
        if (maintenance.IsOn) return false;
        answer = _atHand!.Find(hit.Key, hit.Question, out var variants);
        if (answer is not { Status.Hit: true } || variants != hit.Variants) return false;
        return store!.Peek(answer.Content.Id) is { State: ContentState.Complete, IsRetained: true } && store.TryOpen(answer.Content.Id, 0, out reader);
    }

    /// <summary>It is what is answered: counted, and noted for people.</summary>
    public void Gave(PreparedHit hit, CacheStatus status)
    {
        _atHand!.Gave(hit.Key, status);
        urls.Note(hit.Key);
    }
}
