using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Store;

namespace Granary.Edge.Leases;

/// <summary>What this edge holds of a URI: all stored responses that the owner granted. The mark of the URI in the store, so it is gone with the first of them that is.</summary>
/// <param name="renewAt">From then on, by the monotonic clock, it is asked for again if it is in demand.</param>
/// <param name="until">It is not held any longer.</param>
internal sealed class Held(string uri, Session session, ImmutableArray<StoredVariant> variants, long renewAt, long until)
{
    /// <summary>Itself and what it is in the store's dictionary.</summary>
    public const int Bytes = 80;

    private int _uses;
    private int _told;

    public string Uri => uri;

    public Session Session => session;

    public ImmutableArray<StoredVariant> Variants => variants;

    public long Until => until;

    /// <summary>Whether it may be reused. After its session has ended, only what was held then, and only for so long as bounded staleness allows.</summary>
    public bool MayBeUsed(long now, long staleness)
    {
        if (session.IsOver || !IsCurrent()) return false;
        var end = session.End;
        return now < end ? now < until : end <= until && now - end < staleness;
    }

    /// <summary>Whether it may ever be used again, as far as can be told.</summary>
    public bool IsOfUse(long now, long staleness) => !session.IsOver && IsCurrent() && (now < until || MayBeUsed(now, staleness));

    public bool IsToBeRenewed(long now, int hits) => now >= renewAt && Volatile.Read(ref _uses) + Volatile.Read(ref _told) >= hits;

    /// <summary>Once more: the owner is told with one of the next polls.</summary>
    public void Use()
    {
        if (Interlocked.Increment(ref _uses) == 1) session.Line.Used(this);
    }

    /// <summary>Uses since it was asked last.</summary>
    public int TakeUses()
    {
        var uses = Interlocked.Exchange(ref _uses, 0);
        Interlocked.Add(ref _told, uses);
        return uses;
    }

    private bool IsCurrent()
    {
        foreach (var variant in variants)
            if (variant.In(session.Epochs) != Standing.Current) return false;
        return true;
    }
}
