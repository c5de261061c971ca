namespace Granary.Semantics.Framing;

/// <summary>How much of a message may be framing. Content has no limit here.</summary>
public sealed record FramingLimits
{
    public static readonly FramingLimits Default = new();

    /// <summary>What we write ourselves is checked for form, not for size.</summary>
    public static readonly FramingLimits None = new()
    {
        HeadBytes = int.MaxValue,
        Fields = int.MaxValue,
        ChunkExtensionBytes = int.MaxValue,
        TrailerBytes = int.MaxValue,
    };

    /// <summary>Start line and field lines with their line ends; 64 KiB.</summary>
    public int HeadBytes { get; init; } = 64 * 1024;

    /// <summary>Field lines in one head or one trailer section.</summary>
    public int Fields { get; init; } = 256;

    /// <summary>Bytes between chunk size and line end, for each chunk.</summary>
    public int ChunkExtensionBytes { get; init; } = 4 * 1024;

    /// <summary>Bytes of one trailer section; 16 KiB.</summary>
    public int TrailerBytes { get; init; } = 16 * 1024;

    /// <summary>1xx responses before the final one.</summary>
    public int InterimResponses { get; init; } = 32;

    /// <summary>Bytes of all interim heads before one final response; 64 KiB.</summary>
    public int InterimBytes { get; init; } = 64 * 1024;
}
