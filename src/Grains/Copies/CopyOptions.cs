namespace Granary.Grains.Copies;

/// <summary>How far popular responses are copied.</summary>
public sealed record CopyOptions
{
    /// <summary>Silos beside the owner that are given popular responses, 0..2. Default 1.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Reuses after which a stored response is popular, 1 and up. Default 2.</summary>
    public int CopyAfterHits { get; init; } = 2;
}
