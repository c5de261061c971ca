using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <summary>
/// When each group, host and prefix, and when all was last invalidated, counted in invalidations: hard, after which a response from before is gone, and soft, after which it is stale. A stored
/// response remembers the count at which its fetch began, and is judged by what was invalidated later: nothing is searched for when something is invalidated, however much it hits (P2).
/// </summary>
/// <param name="capacity">Groups in one generation of <see cref="EpochIndex"/>.</param>
/// <param name="clock">For <see cref="ChangedAt"/>, and for when something became stale.</param>
public sealed class GroupEpochs(int capacity = 100_000, TimeProvider? clock = null)
{
    /// <summary>So many soft invalidations are remembered with their time; what is stale by others is so from the beginning.</summary>
    private const int MostTimes = 1024;

    private readonly Lock _gate = new();
    private readonly EpochIndex _hard = new(capacity);
    private readonly EpochIndex _soft = new(capacity);
    private readonly Queue<(long Number, long At)> _softTimes = new();
    private long _now;
    private long _version;
    private long _changedAt = clock?.GetTimestamp() ?? 0;

    /// <summary>The number of the last invalidation.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Another one whenever something was invalidated or learned here: numbers of a cluster may come late.</summary>
    internal long Version => Volatile.Read(ref _version);

    /// <summary>When this silo last heard of an invalidation, by the monotonic clock; before, when it came up.</summary>
    public long ChangedAt => Volatile.Read(ref _changedAt);

    /// <summary>Afterwards no response of these groups whose fetch began before is reused.</summary>
    public void Invalidate(IEnumerable<string> groups) => Invalidate(groups, Now + 1);

    /// <summary>The same where several silos share the count: each is told one invalidation after the other, in the order of their numbers.</summary>
    public void Invalidate(IEnumerable<string> groups, long number) => Invalidate(new Scope.Groups([.. groups]), isSoft: false, number);

    /// <summary>Afterwards nothing of this scope whose fetch began before is reused, or if it is soft, only as a stale response.</summary>
    /// <returns>The number of the last one until then. If it is not lower than this one's, then what was fetched meanwhile is not hit: it needs a higher number.</returns>
    public long Invalidate(Scope scope, bool isSoft, long number)
    {
        ArgumentNullException.ThrowIfNull(scope);
        lock (_gate)
        {
            var last = _now;
            if (isSoft) RememberTime_NeedsLock(number);
            (isSoft ? _soft : _hard).Set_NeedsLock(scope, number, _now);
            Changed_NeedsLock(number);
            return last;
        }
    }

    /// <summary>A response has come here that knows of this number, of which this silo may not have been told: no invalidation may get a lower one any more.</summary>
    internal void Reaches(long number)
    {
        if (number <= Now) return;
        lock (_gate) Volatile.Write(ref _now, Math.Max(_now, number));
    }

    /// <summary>All that is remembered, for a silo that joins.</summary>
    public EpochsKnown Known()
    {
        lock (_gate)
        {
            var hard = _hard.Known_NeedsLock();
            return new EpochsKnown(hard.Groups, hard.GroupNumbers, _now, hard.Floor) { Hard = hard with { Groups = [], GroupNumbers = [] }, Soft = _soft.Known_NeedsLock() };
        }
    }

    /// <summary>Takes over what another silo remembers; what is known here and newer stays.</summary>
    public void Learn(EpochsKnown known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var groups = new ScopesKnown(known.Groups, known.Numbers, [], [], [], [], 0, known.Floor);
        lock (_gate)
        {
            var now = Math.Max(_now, known.Now); // not lower than any number that is learned, in whatever order they come
            _hard.Learn_NeedsLock(groups, now);
            if (known.Hard is { } hard) _hard.Learn_NeedsLock(hard, now);
            if (known.Soft is { } soft) _soft.Learn_NeedsLock(soft, now);
            Changed_NeedsLock(known.Now);
        }
    }

    /// <summary>The number of the last invalidation after which a response of this URI with these groups is gone.</summary>
    internal long LastHard(string uri, ImmutableArray<ulong> groups, ImmutableArray<ulong> tags) => _hard.LastOf(uri, groups, tags);

    /// <summary>The number of the last invalidation after which it is stale.</summary>
    internal long LastSoft(string uri, ImmutableArray<ulong> groups, ImmutableArray<ulong> tags) => _soft.LastOf(uri, groups, tags);

    /// <summary>The number of the last invalidation of either kind that hits every response of this URI.</summary>
    internal long LastOf(string uri) => Math.Max(_hard.LastOf(uri), _soft.LastOf(uri));

    /// <summary>When this silo heard of that soft invalidation, by the monotonic clock; null if it does not know.</summary>
    internal long? TimeOf(long softNumber)
    {
        lock (_gate)
            foreach (var (number, at) in _softTimes)
                if (number == softNumber) return at;
        return null;
    }

    private void RememberTime_NeedsLock(long number)
    {
        if (clock is null) return;
        if (_softTimes.Count >= MostTimes) _softTimes.Dequeue();
        _softTimes.Enqueue((number, clock.GetTimestamp()));
    }

    // After the indices: whoever reads the new number or version finds what it is for.
    private void Changed_NeedsLock(long number)
    {
        Volatile.Write(ref _changedAt, clock?.GetTimestamp() ?? 0);
        if (number > _now) Volatile.Write(ref _now, number);
        Volatile.Write(ref _version, _version + 1);
    }
}
