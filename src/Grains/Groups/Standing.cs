namespace Granary.Grains.Groups;

/// <summary>What invalidations make of a stored response.</summary>
public enum Standing
{
    /// <summary>Nothing hit it since its fetch began.</summary>
    Current,

    /// <summary>A soft one did: it is stale, and a validation that begins later makes it fresh again.</summary>
    Outdated,

    /// <summary>It is gone.</summary>
    Invalidated,
}
