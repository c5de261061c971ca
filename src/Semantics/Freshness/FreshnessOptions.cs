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

    /// <summary>Lifetime of successes and permanent redirects about which the origin states nothing and from which nothing can be guessed; zero: none.</summary>
    public TimeSpan DefaultLifetime { get; init; }

    /// <summary>The same for 404, 405, 410, 414 and 451.</summary>
    public TimeSpan ClientErrorLifetime { get; init; }

    /// <summary>The same for 500 to 504.</summary>
    public TimeSpan ServerErrorLifetime { get; init; }

    /// <summary>Without the operator's own lifetimes.</summary>
    public FreshnessOptions WithoutDefaults => this with { DefaultLifetime = default, ClientErrorLifetime = default, ServerErrorLifetime = default };

    /// <summary>Longest lifetime a heuristic may give.</summary>
    public TimeSpan HeuristicCap { get; init; } = TimeSpan.FromDays(1);
}
