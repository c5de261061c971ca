using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <summary>The groups a stored response belongs to, and the count of invalidations at which its fetch began.</summary>
/// <param name="Groups">By Cache-Groups (RFC 9875).</param>
/// <param name="Tags">By surrogate keys.</param>
public sealed record Membership(ImmutableArray<string> Groups, ImmutableArray<string> Tags, long Since)
{
    private long _checked = Since;

    public static Membership? Of(ImmutableArray<string> groups, ImmutableArray<string> tags, long since) =>
        groups.IsEmpty && tags.IsEmpty ? null : new Membership(groups, tags, since);

    /// <summary>Free as long as nothing was invalidated since it was asked last.</summary>
    public bool IsInvalidated(GroupEpochs epochs)
    {
        var now = epochs.Now;
        if (now == Volatile.Read(ref _checked)) return false;
        if (IsAnyLater(Groups, epochs) || IsAnyLater(Tags, epochs)) return true;
        Volatile.Write(ref _checked, now);
        return false;
    }

    private bool IsAnyLater(ImmutableArray<string> keys, GroupEpochs epochs)
    {
        foreach (var key in keys)
            if (epochs.LastOf(key) > Since) return true;
        return false;
    }
}
