using System.Collections.Immutable;
using Granary.Semantics.Invalidation;

namespace Granary.Grains.Groups;

/// <summary>The groups a stored response belongs to, and the count of invalidations at which its fetch began. To its host and its prefixes it belongs by its URI, which costs nothing.</summary>
public readonly struct Membership
{
    private const long Never = long.MinValue;

    private readonly All? _all;
    private readonly long _since;

    private Membership(ImmutableArray<ulong> groups, ImmutableArray<ulong> tags, long since) =>
        (_all, _since) = (groups.IsEmpty && tags.IsEmpty ? null : new All(groups, tags), since);

    private Membership(long since) => _since = since;

    /// <summary>Nobody said what it is.</summary>
    internal static Membership Unknown => new(Never);

    internal bool IsKnown => _since != Never;

    internal ImmutableArray<ulong> Groups => _all?.Groups ?? [];

    internal ImmutableArray<ulong> Tags => _all?.Tags ?? [];

    internal long Since => _since;

    internal bool HasGroups => _all is not null;

    /// <summary>What it costs to remember beside itself.</summary>
    public long Bytes => _all is { } all ? 32 + 2 * 24 + sizeof(ulong) * (long)(all.Groups.Length + all.Tags.Length) : 0;

    /// <param name="groups">By Cache-Groups (RFC 9875).</param>
    /// <param name="tags">By surrogate keys.</param>
    public static Membership Of(ImmutableArray<string> groups, ImmutableArray<string> tags, long since) => new(GroupKeys(groups), Keys(tags), since);

    /// <summary>After a 304: its groups, and its tags or, where it has none, those from before.</summary>
    public static Membership Freshened(Membership? before, ImmutableArray<string> groups, ImmutableArray<string> tags, long since) =>
        new(GroupKeys(groups), tags.IsEmpty ? before?.Tags ?? [] : Keys(tags), since);

    /// <summary>That of a copy: numbers are common to all silos.</summary>
    internal static Membership Restored(ImmutableArray<ulong> groups, ImmutableArray<ulong> tags, long since) => new(groups, tags, since);

    public Standing In(GroupEpochs epochs, string uri)
    {
        var since = IsKnown ? _since : 0; // where nobody said when that was, all count
        if (epochs.LastHard(uri, Groups, Tags) > since) return Standing.Invalidated;
        return epochs.LastSoft(uri, Groups, Tags) > since ? Standing.Outdated : Standing.Current;
    }

    /// <summary>The same, free as long as nothing was invalidated since it was asked last.</summary>
    /// <param name="current">The version in which it was current last.</param>
    internal Standing In(GroupEpochs epochs, string uri, ref long current)
    {
        var version = epochs.Version;
        if (version == Volatile.Read(ref current)) return Standing.Current;
        var standing = In(epochs, uri);
        if (standing == Standing.Current) Volatile.Write(ref current, version);
        return standing;
    }

    /// <summary>When it became stale by an invalidation, by the monotonic clock of this silo; null if that is not known.</summary>
    internal long? OutdatedAt(GroupEpochs epochs, string uri) => epochs.TimeOf(epochs.LastSoft(uri, Groups, Tags));

    // A group also goes by its name alone: an operator purges it as a tag, whatever its origin.
    private static ImmutableArray<ulong> GroupKeys(ImmutableArray<string> groups) => groups.IsEmpty ? [] : Keys([.. groups, .. groups.Select(CacheGroups.TagOf)]);

    private static ImmutableArray<ulong> Keys(ImmutableArray<string> names) => names.IsEmpty ? [] : [.. names.Select(GroupKey.Of).Distinct()];

    /// <summary>Most responses have none.</summary>
    private sealed record All(ImmutableArray<ulong> Groups, ImmutableArray<ulong> Tags);
}
