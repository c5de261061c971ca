using System.Collections.Immutable;

namespace Granary.Grains.Store;

/// <summary>A key with what was said of it.</summary>
internal readonly record struct Marked(string Key, object Mark);

/// <summary>
/// A mark is what the user of the store says of all that is stored of a key at one moment. It is gone as soon as that is no longer exactly what is stored: whoever finds a mark
/// need not look for what was evicted.
/// </summary>
public sealed partial class ResponseStore
{
    /// <summary>The mark of a key, null if there is none. One look-up, no lock. Counts as an access.</summary>
    internal object? FindMark(string key)
    {
        if (_records.Find(key) is not { Mark: { } mark } record) return null;
        record.Touch();
        return mark;
    }

    /// <summary>The same, and does not count as an access.</summary>
    internal object? PeekMark(string key) => _records.Find(key)?.Mark;

    /// <summary>Whole stored responses of a key as <see cref="Mark"/> wants them. Does not count as an access.</summary>
    internal ImmutableArray<StoredVariant> PeekWhole(string key) => _records.Find(key)?.Variants ?? [];

    /// <returns>False when these are not, or no longer, exactly the stored responses of the key.</returns>
    internal bool Mark(string key, ImmutableArray<StoredVariant> of, object mark)
    {
        lock (_gate)
        {
            if (_records.Find(key) is not { } record || record.Variants != of || !record.Parts.IsEmpty) return false;
            record.Mark = mark;
            return true;
        }
    }

    /// <summary>All keys with a mark, one after the other as they are walked; no lock is held.</summary>
    internal IEnumerable<Marked> Marks()
    {
        foreach (var record in _records.All())
            if (record.Mark is { } mark) yield return new Marked(record.Key, mark);
    }

    /// <summary>What is stored of the key stays, and nothing is said of it any more.</summary>
    /// <returns>Whether there was a mark.</returns>
    internal bool Unmark(string key)
    {
        lock (_gate)
        {
            if (_records.Find(key) is not { Mark: not null } record) return false;
            record.Mark = null; // a record that has parts has none
            return true;
        }
    }

    /// <summary>Removes what is stored of the key if it still has that mark; null: if it has none.</summary>
    internal bool Remove(string key, object? mark)
    {
        Gone[] gone;
        lock (_gate)
        {
            if (_records.Find(key) is not { } record || record.Mark != mark) return false;
            gone = [.. record.All.Select(variant => Detach_NeedsLock(variant.Content))];
        }

        return Leave(gone) > 0;
    }
}
