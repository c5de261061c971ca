namespace Granary.Grains.Store;

/// <summary>A stored response and its key.</summary>
internal readonly record struct Kept(string Key, StoredVariant Variant);

public sealed partial class ResponseStore
{
    /// <summary>All stored responses of a key, whole and parts. Does not count as an access.</summary>
    internal IEnumerable<StoredVariant> Peek(string key) =>
        _records.Find(key)?.All ?? [];

    /// <summary>All that is stored, one after the other as it is walked. No lock is held: what comes or goes meanwhile may be met or not.</summary>
    internal IEnumerable<Kept> Walk()
    {
        foreach (var record in _records.All())
            foreach (var variant in record.All)
                yield return new Kept(record.Key, variant);
    }

    /// <summary>All that is stored at this moment, what would be evicted last first.</summary>
    internal IReadOnlyList<Kept> Hottest()
    {
        var all = new List<(Kept Kept, int Heat)>(Volatile.Read(ref _objects));
        foreach (var kept in Walk()) all.Add((kept, HeatOf(kept.Variant.Content)));
        all.Sort(static (a, b) => b.Heat.CompareTo(a.Heat));
        return all.ConvertAll(static one => one.Kept);
    }

    /// <summary>How often it was asked for, as far as that is known; 0 for what nobody asked for again.</summary>
    internal int Popularity(StoredVariant variant)
    {
        var content = variant.Content;
        return Math.Max(content.Reuses, content.IsStored ? content.Frequency + (_order.IsInMain(content) ? 2 : 0) : 0);
    }

    /// <summary>What is stored with that content was asked for elsewhere: it takes its place among those to be evicted accordingly.</summary>
    internal static void Warm(Content content, int asked)
    {
        content.Reuses = Math.Max(content.Reuses, asked);
        if (content.IsStored) content.Frequency = Math.Max(content.Frequency, Math.Min(asked, Content.Saturated));
    }

    /// <summary>Whether so much can be taken without anything having to go for it, and without using up what is left.</summary>
    internal bool HasPlentyFor(long bytes) => Options.MemoryBytes - Arena.InUse - Arena.Reserved - bytes > Options.MemoryBytes / 16;

    // Two bits of frequency below the queue, the count only where that says nothing.
    private int HeatOf(Content content) => content.IsStored
        ? ((_order.IsInMain(content) ? 4 : 0) + content.Frequency << 16) + Math.Clamp(content.Reuses, 0, 1 << 15)
        : 0;
}
