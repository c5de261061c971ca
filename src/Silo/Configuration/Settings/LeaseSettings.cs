using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Leased copies at the edges of a cluster (docs/decisions/0009-leases.md). In one process there are none, and none are needed.</summary>
public sealed record LeaseSettings
{
    /// <summary>1 s … 1 minute. Default 5 s. The same in all silos. A purge waits so long at most for an edge that does not answer.</summary>
    [Duration("How long an edge may reuse a copy without a word from the silo that granted it; a purge waits so long at most for an edge that does not answer", "1s", "1m", NeedsRestart = true)]
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes for everything: keys, metadata and content; 0 for no leased copies, or at least 1 MiB. Default 128 MiB.</summary>
    [Size("Memory of an edge for leased copies; 0B for none", "0B", "1TiB", NeedsRestart = true)]
    public long MemoryLimit { get; init; } = 128 << 20;

    /// <summary>Bytes; 1 KiB … 1 GiB. Default 1 MiB; never more than an eighth of <see cref="MemoryLimit"/>. Segments of larger content are never larger than that either.</summary>
    [Size("Largest content of a leased copy that is kept whole; larger content is kept by segments", "1KiB", "1GiB", NeedsRestart = true)]
    public long MaxCopySize { get; init; } = 1 << 20;

    /// <summary>1 … 1,000. Default 2.</summary>
    [Count("Hits of an edge at the owner within one lease after which it asks for a leased copy", 1, 1_000)]
    public int AfterHits { get; init; } = 2;

    /// <summary>0 … 1 hour. Default 0: strict. Longer, and a purge that was answered may not hold for so long at an edge that cannot be reached.</summary>
    [Duration("Bounded staleness: how long an edge may go on reusing copies after its lease has ended; 0 is strict", "0", "1h")]
    public TimeSpan Staleness { get; init; }
}
