using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>What a silo keeps stored responses in.</summary>
public sealed record StoreSettings
{
    /// <summary>Bytes, content, keys and metadata together; 1 MiB … 64 TiB. Default a quarter of the process's memory limit.</summary>
    [Size("Memory for stored responses, keys and metadata counted", "1MiB", "64TiB", PercentAllowed = true, Switch = "--memory", NeedsRestart = true, DefaultText = "25%")]
    public long Memory { get; init; } = ByteSize.OfMemoryLimit(0.25m);

    /// <summary>Default none: no disk tier.</summary>
    [Directory("Directory of the disk tier", Switch = "--disk", NeedsRestart = true, DefaultText = "none: no disk tier")]
    public string? Disk { get; init; }

    /// <summary>Bytes on disk; 1 MiB … 1024 TiB. Default 10 GiB.</summary>
    [Size("Size of the disk tier", "1MiB", "1024TiB", Switch = "--disk-size", NeedsRestart = true)]
    public long DiskSize { get; init; } = 10L << 30;

    /// <summary>Bytes; a larger response is delivered but not stored. Default an eighth of <see cref="Memory"/>.</summary>
    [Size("Largest response that is stored", "0B", "64TiB", NeedsRestart = true, DefaultText = "an eighth of Granary:Store:Memory")]
    public long? MaxResponseSize { get; init; }

    /// <summary>1 … 100,000. Default 64.</summary>
    [Count("Stored responses per URL, told apart by Vary", 1, 100_000, NeedsRestart = true)]
    public int MaxVariantsPerUrl { get; init; } = 64;
}
