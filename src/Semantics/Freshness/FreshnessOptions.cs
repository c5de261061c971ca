using Granary.Semantics.Fields;

namespace Granary.Semantics.Freshness;

/// <summary>How long a response is fresh when its origin does not say. RFC 9111 §4.2.2.</summary>
public sealed record FreshnessOptions
{
    public static readonly FreshnessOptions Default = new();

    /// <summary>The targeted fields that decide before Cache-Control and Expires (RFC 9213).</summary>
    public TargetList Targets { get; init; } = TargetList.Cdn;

    /// <summary>Share of (Date − Last-Modified) taken as lifetime, 0 to 1.</summary>
    public double HeuristicFraction { get; init; } = 0.1;

    /// <summary>Longest lifetime a heuristic may give.</summary>
    public TimeSpan HeuristicCap { get; init; } = TimeSpan.FromDays(1);
}
