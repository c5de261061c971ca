using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Freshness where the origin states none. RFC 9111 §4.2.2.</summary>
public sealed record FreshnessSettings
{
    /// <summary>Share of (Date − Last-Modified) taken as lifetime; 0 … 1. Default 0.1.</summary>
    [Fraction("Share of the age since Last-Modified that is taken as lifetime where the origin states none")]
    public double HeuristicFraction { get; init; } = 0.1;

    /// <summary>0 … 365 d. Default 1 d.</summary>
    [Duration("Longest lifetime found that way", "0", "365d")]
    public TimeSpan HeuristicCap { get; init; } = TimeSpan.FromDays(1);
}
