using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Granary.Grains.Store;

/// <summary>All stored responses of one key, newest first. Replaced as a whole under the store's lock, read without it.</summary>
internal sealed class KeyRecord(string key)
{
    private volatile Resident[] _residents = [];
    private volatile StoredVariant[] _variants = [];
    private volatile StoredVariant[] _parts = [];
    private volatile object? _mark;

    public string Key { get; } = key;

    public Resident[] Residents => _residents;

    /// <summary>Whole responses only: no rule for these can take a part for the whole (P4).</summary>
    public ImmutableArray<StoredVariant> Variants => ImmutableCollectionsMarshal.AsImmutableArray(_variants);

    /// <summary>What the user of the store has to say of exactly these stored responses: gone as soon as one of them goes or another comes.</summary>
    public object? Mark
    {
        get => _mark;
        set => _mark = value;
    }

    public ImmutableArray<StoredVariant> Parts => ImmutableCollectionsMarshal.AsImmutableArray(_parts);

    /// <summary>
    /// Counts an access. Of several stored responses the caller selects one, and only opening its content tells which: then that counts.
    /// </summary>
    public void Touch()
    {
        var residents = _residents;
        if (residents.Length == 1) residents[0].Touch();
    }

    public void Set(Resident[] residents)
    {
        _mark = null;
        _residents = residents;
        _variants = [.. residents.Where(static resident => resident.Variant.Part is null).Select(static resident => resident.Variant)];
        _parts = [.. residents.Where(static resident => resident.Variant.Part is not null).Select(static resident => resident.Variant)];
    }
}
