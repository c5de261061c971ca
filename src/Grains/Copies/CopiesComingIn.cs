using Granary.Grains.Members;
using Granary.Grains.Store;

namespace Granary.Grains.Copies;

/// <summary>
/// The copies on their way into this silo, so that an invalidation can outdate them (P2).
/// </summary>
/// <remarks>
/// <para>
/// <b>Guaranteed.</b> When an invalidation has been acknowledged by all silos, no copy of a response stored before it is stored anywhere, nor will be.
/// </para>
/// <para>
/// <b>How.</b> A receiver R (1) lists the copy, (2) asks the giver G whether that response is still stored there and not invalidated, (3) stores it unless it was outdated, which it looks at
/// under the lock of the store. An invalidation at a silo (a) is remembered there for longer than it takes to be told to all, (b) outdates what is listed, (c) removes what is stored.
/// R lists nothing that it remembers as invalidated. Now let the invalidation come to R
/// </para>
/// <list type="bullet">
/// <item>after (3), or at the same time: it is removed by (c), which takes that lock after (b).</item>
/// <item>between (1) and (3): outdated by (b), so not stored, not even for a moment.</item>
/// <item>before (1), while remembered: not listed.</item>
/// <item>before (1), and no longer remembered: then all had been told, G too, before (1). So at (2) G no longer has it. Messages may be late by any time.</item>
/// </list>
/// <para>
/// Listing and remembering are one step each, under one lock. It does not matter who tells whom first, nor whether the giver or the receiver is the owner.
/// </para>
/// </remarks>
internal sealed class CopiesComingIn(IFellowship fellowship, TimeProvider clock)
{
    /// <summary>More copies at the same time are refused: each may hold a connection and a buffer.</summary>
    private const int Most = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<ComingIn>> _byUri = [];
    private readonly RecentlyInvalidated _recent = new(clock);
    private readonly bool _isAlone = fellowship is Alone;
    private int _count;

    /// <summary>
    /// Lists it. Or says why not: <see cref="CopyOutcome.Invalidated"/>, <see cref="CopyOutcome.Busy"/>; or <see cref="CopyOutcome.Arriving"/>, when that very content is listed already: then that is given.
    /// </summary>
    public CopyOutcome? TryList(string uri, CopySource? source, out ComingIn listed)
    {
        listed = new ComingIn(uri, source);
        lock (_gate)
        {
            if (_recent.Contains(uri) || _recent.Contains(KeyNames.UriOf(uri)) || _recent.Contains(KeyNames.AnyQueryBehind(uri))) return CopyOutcome.Invalidated;
            if (_count >= Most) return CopyOutcome.Busy;
            if (!_byUri.TryGetValue(uri, out var others)) _byUri[uri] = others = new List<ComingIn>(1);
            if (source is not null && others.Find(other => other.Source == source && !other.IsOutdated) is { } same)
            {
                listed = same;
                return CopyOutcome.Arriving;
            }

            others.Add(listed);
            _count++;
            return null;
        }
    }

    public void Remove(ComingIn listed)
    {
        lock (_gate)
        {
            if (!_byUri.TryGetValue(listed.Uri, out var others) || !others.Remove(listed)) return;
            _count--;
            if (others.Count == 0) _byUri.Remove(listed.Uri);
        }
    }

    /// <summary>The same for all there are: nobody knows what was invalidated.</summary>
    public void OutdateAll()
    {
        if (_isAlone) return;
        lock (_gate)
        {
            _recent.AddAll();
            foreach (var copy in _byUri.Values.SelectMany(static listed => listed)) copy.Outdate();
        }
    }

    /// <summary>Before what is stored is removed: of a copy that is stored meanwhile one of the two takes it out.</summary>
    public void Outdate(string uri)
    {
        if (_isAlone) return;
        lock (_gate)
        {
            _recent.Add(uri);
            if (KeyNames.AnyQueryOf(uri) is { } any) _recent.Add(any); // a name that is not known here yet may have a rule that makes its key of this URI
            if (!_byUri.TryGetValue(uri, out var listed)) return;
            foreach (var copy in listed) copy.Outdate();
        }
    }
}
