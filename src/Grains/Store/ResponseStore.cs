using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Granary.Semantics;

namespace Granary.Grains.Store;

/// <summary>
/// What a silo keeps: stored responses by key and their content, within a hard budget of memory. Thread-safe.
/// Looking up takes no lock and allocates nothing; storing, removing and evicting share one, held for a few pointer moves each.
/// </summary>
public sealed partial class ResponseStore : IDisposable
{
    // Heads that stay read are few beside what is stored, unless the store is small, and then what is stored is.
    private const int ShareOfReadHeads = 64;

    private readonly LookUp<string, KeyRecord> _records = new(KeyRecord.HashOf);
    private readonly LookUp<long, Content> _contents = new(Content.HashOf);
    private readonly RoomQueue _room = new();
    private readonly Lock _gate = new();
    private readonly EvictionOrder _order;
    private int _objects;
    private long _evictions;
    private long _refused;
    private volatile bool _closed;

    public ResponseStore(ResponseStoreOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Options, Clock) = (options.Validated(), clock);
        Arena = new SegmentArena(options.MemoryBytes);
        _order = new EvictionOrder(options.MemoryBytes);
        Arena.TryReserve(_order.MemoryBytes);
        Arena.TryReserve(Math.Min(StoredResponse.MostReadBytes, options.MemoryBytes / ShareOfReadHeads));
        ScrubFromNowOn();
    }

    /// <summary>Told after a response was stored, replaced or removed as one of its key. Not of what was evicted or dropped, nor of a key that was removed with all it has.</summary>
    internal Action<string>? Superseded { get; set; }

    /// <summary>Names in the keys of what was ever stored here.</summary>
    public KeyNames Names { get; } = new();

    internal ResponseStoreOptions Options { get; }

    internal TimeProvider Clock { get; }

    internal SegmentArena Arena { get; }

    // At least four to a window, so that writer and readers can move at the same time.
    internal int SegmentLimit => Math.Min(Arena.SlabBytes, Options.WindowBytes / 4);

    public StoreStatistics Statistics => new(
        Arena.Allocated + Arena.Reserved, Arena.InUse, Arena.Reserved, Volatile.Read(ref _objects), _contents.Count,
        Interlocked.Read(ref _evictions), Interlocked.Read(ref _refused), Interlocked.Read(ref _damaged));

    /// <summary>The whole stored responses of a key, newest first; empty if there are none. Counts as an access.</summary>
    public ImmutableArray<StoredVariant> Find(string key)
    {
        if (_records.Find(key) is not { } record) return [];
        record.Touch();
        return WithoutFailed(record.Variants);
    }

    /// <summary>The stored parts of a key, newest first. What counts as an access is to open the content of one.</summary>
    public ImmutableArray<StoredVariant> FindParts(string key) => _records.Find(key) is { } record ? WithoutFailed(record.Parts) : [];

    /// <summary>Opens the content with that id, stored or under way; false if it has been let go, has failed, is past that offset or found damaged.</summary>
    public bool TryOpen(long contentId, long offset, [NotNullWhen(true)] out ContentReader? reader)
    {
        reader = null;
        if (_contents.Find(contentId) is not { } content) return false;
        if (content.Record is { Count: > 1 }) content.Touch();
        reader = content.TryOpenReader(offset);
        if (IsSoundFor(reader)) return true;
        reader = null;
        return false;
    }

    /// <summary>The content with that id, not opened; null if it has been let go.</summary>
    internal Content? Peek(long contentId) => _contents.Find(contentId);

    /// <summary>Makes a content that is kept, so that it can be stored; windowed if it is declared too large for that.</summary>
    public ContentWriter CreateContent(long? declaredLength) =>
        Create(declaredLength, retained: !(declaredLength > Options.MaxResponseBytes));

    /// <summary>Makes a content of which nothing is kept behind the slowest reader.</summary>
    public ContentWriter CreateWindowed(long? declaredLength) => Create(declaredLength, retained: false);

    /// <summary>Ends every content: writers and readers see it fail.</summary>
    public void Dispose()
    {
        _closed = true;
        _scrubTimer?.Dispose();
        Clear();
        foreach (var content in _contents.All()) content.Collapse(ContentFault.StoreClosed);
    }

    // A reader may see a content fail, and its client ask again, just before the stored response leaves: then it is not stored any more either.
    private static ImmutableArray<StoredVariant> WithoutFailed(ImmutableArray<StoredVariant> variants)
    {
        foreach (var variant in variants)
            if (variant.Content.State == ContentState.Failed) return variants.RemoveAll(static one => one.Content.State == ContentState.Failed);
        return variants;
    }

    private ContentWriter Create(long? declaredLength, bool retained)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var content = new Content(this, declaredLength, retained);
        _contents.Add(content);
        if (_closed) content.Collapse(ContentFault.StoreClosed);
        return new ContentWriter(this, content);
    }
}
