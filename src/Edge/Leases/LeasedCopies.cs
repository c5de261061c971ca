using System.Collections.Concurrent;
using Granary.Edge.Leases.Segments;
using Granary.Grains.Explaining;
using Granary.Grains.Leases;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Silo.Configuration;

namespace Granary.Edge.Leases;

/// <summary>
/// The copies that this edge may reuse without asking (decision 0009), in a store of their own. A question costs one look-up when there is none. With one, it is answered exactly as the owner would,
/// and only if that is a plain fresh hit.
/// </summary>
internal sealed class LeasedCopies(ResponseStore store, SegmentStore segments, RecallCounts recalls, Func<ResourceOptions> options, Func<LeaseSettings> settings, TimeProvider clock, LeaseMeter meter)
{
    /// <summary>What was recalled because it was freshened at the owner is soon asked for again, and then its content need not travel again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private const int MostRemembered = 4096;

    private readonly ConcurrentQueue<(string Uri, long At)> _recalled = new();

    public ResponseStore Store => store;

    public SegmentStore Segments => segments;

    /// <param name="held">What answers; null with the answer.</param>
    public Answer.Serve? Reuse(string uri, Question question, out Held? held)
    {
        held = null;
        if (store.FindMark(uri) is not Held found || !found.MayBeUsed(clock.GetTimestamp(), Staleness)) return null;
        if (Choice.FreshHit(question, found.Variants, options().ReuseFor(question.Route), clock) is not { } answer) return null;
        if (answer.Content.Endpoint is not null && segments.Of(answer.Content) is null) return null; // it is gone where it lay
        found.Use();
        held = found;
        return answer;
    }

    /// <summary>What is held of the URI now, whether or not it may be used.</summary>
    public Held? Peek(string uri) => store.PeekMark(uri) as Held;

    /// <summary>What is held of the URI and may be used, for people.</summary>
    public IEnumerable<ExplainedResponse> Explain(string uri)
    {
        var now = clock.GetTimestamp();
        if (Peek(uri) is not { } held || !held.MayBeUsed(now, Staleness)) return [];
        return held.Variants.Select(variant => StoredExplaining.Of(uri, variant, variant.In(held.Session.Epochs), options().SurrogateKeyFields, clock) with
        {
            HeldFor = clock.GetElapsedTime(now, held.Until),
            Here = variant.Elsewhere is not { } elsewhere ? variant.Content.Arrived : segments.Of(elsewhere.Address) is { } content ? segments.Here(content) : 0,
        });
    }

    /// <summary>How many recalls came so far that might concern the URI: to be read before it is asked for.</summary>
    public long RecallsOf(string uri) => recalls.Of(uri);

    /// <summary>From now on it is reused. False when a recall came since, or what it consists of is no longer what is stored.</summary>
    public bool Publish(Held held, long recalledSince) =>
        recalls.Unless(held.Uri, recalledSince, () => !held.Session.IsOver && store.Mark(held.Uri, held.Variants, held));

    /// <summary>Afterwards nothing that it recalls is reused; a request that was being answered with it before still is.</summary>
    public void Hear(Recall recall, Session session)
    {
        switch (recall)
        {
            case Recall.Uris uris:
                foreach (var uri in uris.Keys.IsDefault ? [] : uris.Keys) recalls.Recall(uri, Forget);
                break;
            case Recall.Numbered numbered:
                session.Epochs.Invalidate(numbered.Scope, numbered.IsSoft, numbered.Number);
                break;
            default:
                session.Over(); // a word of a later version: all that it may mean
                break;
        }

        meter.Recalled(recall);
    }

    /// <summary>Gives back the memory of what is of no use any more. Nothing depends on it.</summary>
    public void Tidy()
    {
        var (now, staleness) = (clock.GetTimestamp(), Staleness);
        foreach (var (uri, mark) in store.Marks())
            if (mark is Held held && !held.IsOfUse(now, staleness)) store.Remove(uri, mark);
        segments.Tidy();
        while (_recalled.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At, now) >= Remembered && _recalled.TryDequeue(out oldest)) store.Remove(oldest.Uri, mark: null);
    }

    // Without its mark it is not found.
    private void Forget(string uri)
    {
        if (_recalled.Count >= MostRemembered) store.Remove(uri);
        else if (store.Unmark(uri)) _recalled.Enqueue((uri, clock.GetTimestamp()));
    }

    private long Staleness => settings().Staleness.Ticks * clock.TimestampFrequency / TimeSpan.TicksPerSecond;
}
