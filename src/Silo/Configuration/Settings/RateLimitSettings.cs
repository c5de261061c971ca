using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>How often something may be asked for. Routes name it as <c>RateLimiterPolicy</c>.</summary>
public sealed record RateLimitSettings
{
    /// <summary>Has to be given, each only once.</summary>
    [Name("What routes call it, as their RateLimiterPolicy", IsRequired = true)]
    public string? Name { get; init; }

    /// <summary>Default TokenBucket.</summary>
    [OneOf("How is counted: tokens that come back evenly, requests in a window or in the last one, or requests at a time", typeof(RateLimitKind))]
    public RateLimitKind Kind { get; init; }

    /// <summary>Has to be given.</summary>
    [Count("Requests in a window, or at a time", 1, 1_000_000_000, IsRequired = true)]
    public int Permits { get; init; } = 1;

    /// <summary>1 ms … 1 d. Default 1 s.</summary>
    [Duration("The window in which so many requests are permitted", "1ms", "1d")]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>0 … 1,000,000,000. Default 0: as many as <see cref="Permits"/>.</summary>
    [Count("With TokenBucket: requests at once after a time of rest; 0 for as many as Permits", 0, 1_000_000_000)]
    public int Burst { get; init; }

    /// <summary>Default Client.</summary>
    [OneOf("Whether each client has its own, an IPv6 network of /64 being one, or all share one", typeof(RateLimitFor))]
    public RateLimitFor For { get; init; }

    /// <summary>Default false.</summary>
    [Flag("Whether it holds for all requests of the proxy, beside what a route names")]
    public bool Everywhere { get; init; }
}

/// <summary>How requests are counted.</summary>
public enum RateLimitKind
{
    /// <summary>Tokens come back evenly.</summary>
    TokenBucket,

    /// <summary>So many in each window.</summary>
    FixedWindow,

    /// <summary>So many in whatever time of one window's length, as far as the last two windows tell.</summary>
    SlidingWindow,

    /// <summary>So many at a time.</summary>
    Concurrency,
}

/// <summary>Who shares a limit.</summary>
public enum RateLimitFor
{
    Client,
    All,
}
