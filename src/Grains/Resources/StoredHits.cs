using System.Collections.Immutable;
using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>
/// What the store of this process answers without its owner being asked: whole stored responses that are fresh and were not invalidated, decided exactly as the owner would (<see cref="Choice.FreshHit"/>).
/// Everything else is the owner's. Sound only in the process that owns all URIs.
/// </summary>
internal sealed class StoredHits(ResponseStore store, Judging judging, Func<ResourceOptions> options, TimeProvider clock)
{
    /// <param name="variants">What was chosen from.</param>
    public Answer.Serve? Find(string uri, Question question, out ImmutableArray<StoredVariant> variants)
    {
        variants = store.Find(uri);
        if (variants.IsEmpty || question.Ticket is not null || !store.FindParts(uri).IsEmpty || judging.Apply(uri, variants)) return null;
        return Choice.FreshHit(question, variants, options().ReuseFor(question.Route), clock) is { Status.Hit: true } hit ? hit : null; // while it arrives, parts of it may be had sooner
    }
}
