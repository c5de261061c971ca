using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Granary.Grains.Store;

/// <summary>All stored responses of one key, newest first. Replaced as a whole under the store's lock, read without it.</summary>
internal sealed class KeyRecord(string key) : IKeyed<string>
{
    private volatile StoredVariant[] _variants = [];
    private volatile object? _beside; // parts, if there are any: then there is no mark; else the mark

    public string Key { get; } = key;

    public int Hash => HashOf(Key);

    /// <summary>Whole responses only: no rule for these can take a part for the whole (P4).</summary>
    public ImmutableArray<StoredVariant> Variants => ImmutableCollectionsMarshal.AsImmutableArray(_variants);

    /// <summary>What the user of the store has to say of exactly these stored responses: gone as soon as one of them goes or another comes.</summary>
    public object? Mark
    {
        get
        {
            var beside = _beside; // it may change between two looks
            if (beside is StoredVariant[]) return null;
            return beside;
        }

        set => _beside = value;
    }

    public ImmutableArray<StoredVariant> Parts => ImmutableCollectionsMarshal.AsImmutableArray(PartsOrNone);

    public int Count => _variants.Length + PartsOrNone.Length;

    private StoredVariant[] PartsOrNone => _beside as StoredVariant[] ?? [];

    public IEnumerable<StoredVariant> All => PartsOrNone is { Length: > 0 } parts ? _variants.Concat(parts) : _variants;

    /// <summary>Seeded in each process: nobody outside can choose keys that meet.</summary>
    public static int HashOf(string key) => key.GetHashCode(StringComparison.Ordinal);

    public bool Has(string key) => Key == key;

    /// <summary>
    /// Counts an access. Of several stored responses the caller selects one, and only opening its content tells which: then that counts.
    /// </summary>
    public void Touch()
    {
        var (variants, parts) = (_variants, PartsOrNone);
        if (variants.Length + parts.Length == 1) (variants.Length == 1 ? variants : parts)[0].Content.Touch();
    }

    /// <summary>As the newest, in the place of those that go: nobody finds neither.</summary>
    public void Add(StoredVariant newest, Gone[] gone)
    {
        var (variants, parts) = (Next(_variants, newest.Part is null ? newest : null, gone), Next(PartsOrNone, newest.Part is null ? null : newest, gone));
        if (newest.Part is null && PartsOrNone.Length > 0) _variants = variants; // there is no mark
        Set(parts);
        _variants = variants;
    }

    public void Remove(Gone gone)
    {
        Set(Next(PartsOrNone, null, [gone]));
        if (gone.Variant.Part is null) _variants = Next(_variants, null, [gone]);
    }

    public void Replace(StoredVariant old, StoredVariant with)
    {
        Set([.. PartsOrNone.Select(one => ReferenceEquals(one, old) ? with : one)]);
        if (old.Part is null) _variants = [.. _variants.Select(one => ReferenceEquals(one, old) ? with : one)];
    }

    // What was said of it is gone with that, and before anything else changes.
    private void Set(StoredVariant[] parts) => _beside = parts.Length == 0 ? null : parts;

    private static StoredVariant[] Next(StoredVariant[] before, StoredVariant? newest, Gone[] gone)
    {
        if (before.Length == 0) return newest is null ? [] : [newest];
        var kept = before.Where(one => !Array.Exists(gone, left => ReferenceEquals(left.Variant, one)));
        return newest is null ? [.. kept] : [newest, .. kept];
    }
}
