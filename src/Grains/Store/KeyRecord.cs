using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Granary.Grains.Store;

/// <summary>All stored responses of one key, newest first. Replaced as a whole under the store's lock, read without it.</summary>
internal sealed class KeyRecord(string key)
{
    private volatile Resident[] _residents = [];
    private volatile StoredVariant[] _variants = [];

    public string Key { get; } = key;

    public Resident[] Residents => _residents;

    public ImmutableArray<StoredVariant> Variants => ImmutableCollectionsMarshal.AsImmutableArray(_variants);

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
        _residents = residents;
        _variants = [.. residents.Select(resident => resident.Variant)];
    }
}
