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
public sealed class GroupEpochs(int capacity = 100_000)
{
    private readonly Lock _gate = new();
    private volatile ConcurrentDictionary<ulong, long> _younger = new();
    private volatile ConcurrentDictionary<ulong, long> _older = new();
    private long _now;
    private long _floor;
    private long _highestInOlder;

    /// <summary>The number of the last invalidation.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Afterwards no response of these groups whose fetch began before is reused.</summary>
    public void Invalidate(IEnumerable<string> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        lock (_gate)
        {
            var number = _now + 1;
            foreach (var group in groups.Select(GroupKey.Of))
            {
                if (_younger.Count >= capacity && !_younger.ContainsKey(group)) Rotate_NeedsLock(number);
                _younger[group] = number;
            }

            Volatile.Write(ref _now, number); // after the groups: whoever reads the new number finds them
        }
    }

    /// <summary>The number of the last invalidation of the group, or of one that it is no longer told apart from.</summary>
    internal long LastOf(ulong group)
    {
        // The floor last: a generation that is dropped between the two look-ups has raised it before.
        if (!_younger.TryGetValue(group, out var last) && !_older.TryGetValue(group, out last)) last = 0;
        return Math.Max(last, Volatile.Read(ref _floor));
    }

    private void Rotate_NeedsLock(long number)
    {
        Volatile.Write(ref _floor, _highestInOlder);
        (_older, _younger) = (_younger, new ConcurrentDictionary<ulong, long>());
        _highestInOlder = number;
    }
}
