namespace Granary.Grains.Resources.Partial;

/// <summary>When a range is fetched alone, and in what portions.</summary>
public sealed record PartialOptions
{
    /// <summary>Ranges are fetched in whole blocks of so many bytes, so that neighbours meet. Default 1 MiB.</summary>
    public long BlockBytes { get; init; } = 1 << 20;

    /// <summary>A range that begins within so many bytes of what is there, or will be first, waits for the whole. Default 1 MiB.</summary>
    public long NearBytes { get; init; } = 1 << 20;

    /// <summary>Gaps that are fetched for one request; with more the parts do not take part. Default 8.</summary>
    public int MaxGaps { get; init; } = 8;
}
