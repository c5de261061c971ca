using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Granary.Grains.Copies;

/// <summary>
/// The URIs invalidated in the last <see cref="Lasts"/>, and some for up to twice as long. Eight bytes each, in two generations by time; two URIs that fall together, and
/// a generation that is full, cost copies, never an invalidation. Not thread-safe.
/// </summary>
internal sealed class RecentlyInvalidated(TimeProvider clock, int capacity = 100_000)
{
    /// <summary>Longer than any invalidation takes from the first silo that is told to the last: after that whoever gives has heard it too.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(20);

    private Generation _younger = new();
    private Generation _older = new();
    private long _began = clock.GetTimestamp();

    public void Add(string uri)
    {
        Age();
        if (_younger.Keys.Count < capacity) _younger.Keys.Add(KeyOf(uri));
        else _younger.IsEverything = true;
    }

    /// <summary>All URIs there are.</summary>
    public void AddAll()
    {
        Age();
        _younger.IsEverything = true;
    }

    public bool Contains(ReadOnlySpan<char> uri)
    {
        Age();
        var key = KeyOf(uri);
        return _younger.Has(key) || _older.Has(key);
    }

    private void Age()
    {
        var elapsed = clock.GetElapsedTime(_began);
        if (elapsed < Lasts) return;
        _older = elapsed < Lasts * 2 ? _younger : new Generation();
        _younger = new Generation();
        _began = clock.GetTimestamp();
    }

    private static ulong KeyOf(ReadOnlySpan<char> uri) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(uri));

    private sealed class Generation
    {
        public HashSet<ulong> Keys { get; } = [];

        public bool IsEverything { get; set; }

        public bool Has(ulong key) => IsEverything || Keys.Contains(key);
    }
}
