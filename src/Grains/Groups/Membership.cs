using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <summary>The groups a stored response belongs to, and the count of invalidations at which its fetch began.</summary>
public sealed class Membership
{
    private readonly ImmutableArray<ulong> _groups;
    private readonly ImmutableArray<ulong> _tags;
    private readonly long _since;
    private long _checked;

    private Membership(ImmutableArray<ulong> groups, ImmutableArray<ulong> tags, long since) => (_groups, _tags, _since, _checked) = (groups, tags, since, since);

    internal ImmutableArray<ulong> Groups => _groups;

    internal ImmutableArray<ulong> Tags => _tags;

    internal long Since => _since;

    /// <summary>What it costs to remember.</summary>
    public long Bytes => 56 + 24 * 2 + sizeof(ulong) * (long)(_groups.Length + _tags.Length);

    /// <param name="groups">By Cache-Groups (RFC 9875).</param>
    /// <param name="tags">By surrogate keys.</param>
    /// <returns>Null if there are none.</returns>
    public static Membership? Of(ImmutableArray<string> groups, ImmutableArray<string> tags, long since) => Of(Keys(groups), Keys(tags), since);

    /// <summary>After a 304: its groups, and its tags or, where it has none, those from before.</summary>
    public static Membership? Freshened(Membership? before, ImmutableArray<string> groups, ImmutableArray<string> tags, long since) =>
        Of(Keys(groups), tags.IsEmpty ? before?._tags ?? [] : Keys(tags), since);

    /// <summary>That of a copy: numbers are common to all silos.</summary>
    internal static Membership? Restored(ImmutableArray<ulong> groups, ImmutableArray<ulong> tags, long since) => Of(groups, tags, since);

    /// <summary>Free as long as nothing was invalidated since it was asked last.</summary>
    public bool IsInvalidated(GroupEpochs epochs)
    {
        var now = epochs.Now;
        if (now == Volatile.Read(ref _checked)) return false;
        if (IsAnyLater(_groups, epochs) || IsAnyLater(_tags, epochs)) return true;
        Volatile.Write(ref _checked, now);
        return false;
    }

    private static Membership? Of(ImmutableArray<ulong> groups, ImmutableArray<ulong> tags, long since) =>
        groups.IsEmpty && tags.IsEmpty ? null : new Membership(groups, tags, since);

    private static ImmutableArray<ulong> Keys(ImmutableArray<string> names) => names.IsEmpty ? [] : [.. names.Select(GroupKey.Of).Distinct()];

    private bool IsAnyLater(ImmutableArray<ulong> keys, GroupEpochs epochs)
    {
        foreach (var key in keys)
            if (epochs.LastOf(key) > _since) return true;
        return false;
    }
}
