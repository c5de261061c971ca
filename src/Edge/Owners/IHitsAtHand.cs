using System.Collections.Immutable;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;

namespace Granary.Edge.Owners;

/// <summary>Answers that this process may give by itself, at once: plain fresh hits, as the owner would answer.</summary>
internal interface IHitsAtHand
{
    /// <param name="variants">What was chosen from. While it is the same, so is what the same question selects.</param>
    /// <returns>Null: the owner is to be asked.</returns>
    Answer.Serve? Find(string uri, Question question, out ImmutableArray<StoredVariant> variants);

    /// <summary>What was found is what is answered: counted, and noted for people.</summary>
    void Gave(string uri, CacheStatus status);
}
