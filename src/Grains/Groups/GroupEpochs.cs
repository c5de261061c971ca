using System.Collections.Concurrent;

namespace Granary.Grains.Groups;

/// <summary>
/// When each group was last invalidated, counted in invalidations. A stored response remembers the count at which its fetch began, and is not reused if one of its
/// groups was invalidated later: nothing is searched for when a group is invalidated, however many responses it has (P2).
/// <para>
/// Bounded by two generations: when the younger is full it becomes the older, and of the older only the highest count is kept, as a floor. A response with groups whose
/// fetch began before the floor is not reused, since nobody knows any more: that costs a fetch and never serves what was invalidated.
/// </para>
/// </summary>
/// <param name="capacity">Groups in one generation.</param>
/// <param name="clock">For <see cref="ChangedAt"/>.</param>
public sealed class GroupEpochs(int capacity = 100_000, TimeProvider? clock = null)
{
    private readonly Lock _gate = new();
    private volatile ConcurrentDictionary<ulong, long> _younger = new();
    private volatile ConcurrentDictionary<ulong, long> _older = new();
    private long _now;
    private long _floor;
    private long _highestInOlder;
    private long _changedAt = clock?.GetTimestamp() ?? 0;

    /// <summary>The number of the last invalidation.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>When this silo last heard of an invalidation, by the monotonic clock; before, when it came up.</summary>
    public long ChangedAt => Volatile.Read(ref _changedAt);

    /// <summary>Afterwards no response of these groups whose fetch began before is reused.</summary>
    public void Invalidate(IEnumerable<string> groups) => Invalidate(groups, Now + 1);

    /// <summary>The same where several silos share the count: each is told one invalidation after the other, in the order of their numbers.</summary>
    public void Invalidate(IEnumerable<string> groups, long number)
    {
        ArgumentNullException.ThrowIfNull(groups);
        lock (_gate)
        {
            Volatile.Write(ref _changedAt, clock?.GetTimestamp() ?? 0);
            foreach (var group in groups.Select(GroupKey.Of)) Set_NeedsLock(group, number);
            if (number > _now) Volatile.Write(ref _now, number); // after the groups: whoever reads the new number finds them
        }
    }

    /// <summary>All that is remembered, for a silo that joins.</summary>
    public EpochsKnown Known()
    {
        lock (_gate)
        {
            var known = new Dictionary<ulong, long>(_older);
            foreach (var (group, number) in _younger) known[group] = number;
            return new EpochsKnown([.. known.Keys], [.. known.Values], _now, _floor);
        }
    }

    /// <summary>Takes over what another silo remembers; what is known here and newer stays.</summary>
    public void Learn(EpochsKnown known)
    {
        ArgumentNullException.ThrowIfNull(known);
        lock (_gate)
        {
            Volatile.Write(ref _changedAt, clock?.GetTimestamp() ?? 0);
            for (var i = 0; i < known.Groups.Length; i++) Set_NeedsLock(known.Groups[i], known.Numbers[i]);
            Volatile.Write(ref _floor, Math.Max(_floor, known.Floor));
            Volatile.Write(ref _now, Math.Max(_now, known.Now));
        }
    }

    /// <summary>The number of the last invalidation of the group, or of one that it is no longer told apart from.</summary>
    internal long LastOf(ulong group)
    {
        // The floor last: a generation that is dropped between the two look-ups has raised it before.
        if (!_younger.TryGetValue(group, out var last) && !_older.TryGetValue(group, out last)) last = 0;
        return Math.Max(last, Volatile.Read(ref _floor));
    }

    private void Set_NeedsLock(ulong group, long number)
    {
        if (_younger.Count >= capacity && !_younger.ContainsKey(group)) Rotate_NeedsLock(number);
        _younger[group] = Math.Max(number, LastOf(group));
    }

    private void Rotate_NeedsLock(long number)
    {
        Volatile.Write(ref _floor, _highestInOlder);
        (_older, _younger) = (_younger, new ConcurrentDictionary<ulong, long>());
        _highestInOlder = Math.Max(number, _now);
    }
}
