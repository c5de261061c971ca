using System.Collections.Immutable;
using Granary.Semantics.Invalidation;

namespace Granary.Grains.Groups;

/// <summary>The groups a stored response belongs to, and the count of invalidations at which its fetch began. To its host and its prefixes it belongs by its URI, which costs nothing.</summary>
public sealed class Membership
{
    private readonly ImmutableArray<ulong> _groups;
    private readonly ImmutableArray<ulong> _tags;
    private readonly long _since;
    private long _checked = -1;

    private Membership(ImmutableArray<ulong> groups, ImmutableArray<ulong> tags, long since) => (_groups, _tags, _since) = (groups, tags, since);

    internal ImmutableArray<ulong> Groups => _groups;

    internal ImmutableArray<ulong> Tags => _tags;

    internal long Since => _since;

    internal bool HasGroups => !_groups.IsEmpty || !_tags.IsEmpty;

    /// <summary>What it costs to remember.</summary>
    public long Bytes => 48 + (_groups.IsEmpty ? 0 : 24 + sizeof(ulong) * (long)_groups.Length) + (_tags.IsEmpty ? 0 : 24 + sizeof(ulong) * (long)_tags.Length);

    /// <param name="groups">By Cache-Groups (RFC 9875).</param>
    /// <param name="tags">By surrogate keys.</param>
    public static Membership Of(ImmutableArray<string> groups, ImmutableArray<string> tags, long since) => new(GroupKeys(groups), Keys(tags), since);

    /// <summary>After a 304: its groups, and its tags or, where it has none, those from before.</summary>
    public static Membership Freshened(Membership? before, ImmutableArray<string> groups, ImmutableArray<string> tags, long since) =>
        new(GroupKeys(groups), tags.IsEmpty ? before?._tags ?? [] : Keys(tags), since);

    /// <summary>That of a copy: numbers are common to all silos.</summary>
    internal static Membership Restored(ImmutableArray<ulong> groups, ImmutableArray<ulong> tags, long since) => new(groups, tags, since);

    /// <summary>Free as long as nothing was invalidated since it was asked last.</summary>
    public Standing In(GroupEpochs epochs, string uri)
    {
        var version = epochs.Version;
        if (version == Volatile.Read(ref _checked)) return Standing.Current;
        if (epochs.LastHard(uri, _groups, _tags) > _since) return Standing.Invalidated;
        if (epochs.LastSoft(uri, _groups, _tags) > _since) return Standing.Outdated;
        Volatile.Write(ref _checked, version);
        return Standing.Current;
    }

    /// <summary>When it became stale by an invalidation, by the monotonic clock of this silo; null if that is not known.</summary>
    internal long? OutdatedAt(GroupEpochs epochs, string uri) => epochs.TimeOf(epochs.LastSoft(uri, _groups, _tags));

    // A group also goes by its name alone: an operator purges it as a tag, whatever its origin.
    private static ImmutableArray<ulong> GroupKeys(ImmutableArray<string> groups) => groups.IsEmpty ? [] : Keys([.. groups, .. groups.Select(CacheGroups.TagOf)]);

    private static ImmutableArray<ulong> Keys(ImmutableArray<string> names) => names.IsEmpty ? [] : [.. names.Select(GroupKey.Of).Distinct()];
}
