namespace Granary.Grains.Store;

/// <summary>What the store may take and how patient it is.</summary>
public sealed record ResponseStoreOptions
{
    /// <summary>Bytes for everything: keys, metadata and content, also of contents under way or still being read. At least 1 MiB.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>The largest content that is kept, in bytes; a larger one is passed through a window. Default an eighth of <see cref="MemoryBytes"/>.</summary>
    public long MaxResponseBytes { get => field > 0 ? field : MemoryBytes / 8; init; }

    /// <summary>Stored responses kept for one key; the oldest goes. 1..4096.</summary>
    public int MaxVariantsPerKey { get; init; } = 64;

    /// <summary>Parts of partial responses kept for one key, beside the whole ones; the oldest goes. 1..4096.</summary>
    public int MaxPartsPerKey { get; init; } = 256;

    /// <summary>Bytes of a content that is not kept which may lie between its writer and its slowest reader. At least 16 KiB.</summary>
    public int WindowBytes { get; init; } = 256 << 10;

    /// <summary>
    /// How long one reader may hold up a writer while other readers wait, how long a content that nobody has opened is kept, and
    /// how long a writer waits for room. More than zero.
    /// </summary>
    public TimeSpan StalledReaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that the user of the store keeps beside each stored response, counted as metadata.</summary>
    internal int BytesBeside { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside what is allowed.</exception>
    internal ResponseStoreOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBytes, SegmentArena.MinBudget);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxResponseBytes, MemoryBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxVariantsPerKey, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxVariantsPerKey, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPartsPerKey, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPartsPerKey, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(WindowBytes, 16 << 10);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StalledReaderTimeout, TimeSpan.Zero);
        return this;
    }
}
