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

    /// <summary>0 … 365 d; 0 is none. Default 0. Never for requests with Cookie or Authorization.</summary>
    [Duration("Lifetime of successes and permanent redirects about which the origin states nothing and nothing can be guessed; 0 is none", "0", "365d")]
    public TimeSpan DefaultLifetime { get; init; }

    /// <summary>0 … 365 d; 0 is none. Default 0. Never for requests with Cookie or Authorization.</summary>
    [Duration("The same for 404, 405, 410, 414 and 451", "0", "365d")]
    public TimeSpan ClientErrorLifetime { get; init; }

    /// <summary>0 … 1 d; 0 is none. Default 0. Never for requests with Cookie or Authorization.</summary>
    [Duration("The same for 500 to 504", "0", "1d")]
    public TimeSpan ServerErrorLifetime { get; init; }
}
