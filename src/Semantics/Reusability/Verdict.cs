namespace Granary.Semantics.Reusability;

/// <summary>
/// What a cache does with a request: one of five (RFC 9111 §4), made by one of five words, so that no other combination can be written. A value, because one is made
/// for each request and a fresh hit shall allocate nothing. The default is to forward: nothing is reused by accident.
/// </summary>
public readonly record struct Verdict
{
    public VerdictKind Kind { get; private init; }

    /// <summary>Why it goes forward, where it does.</summary>
    public ForwardReason Why { get; private init; }

    /// <summary>Of the response that is reused.</summary>
    public TimeSpan CurrentAge { get; private init; }

    /// <summary>Of the response that is reused; zero or negative if it is stale.</summary>
    public TimeSpan TimeToLive { get; private init; }

    /// <summary>What allows to serve stale; null if nothing needs to.</summary>
    public StaleReason? Stale { get; private init; }

    /// <summary>Validate it afterwards, without letting the client wait (RFC 5861 §3).</summary>
    public bool FreshenBehind => Stale == StaleReason.WhileRevalidate;

    public bool MayReuse => Kind is VerdictKind.Reuse or VerdictKind.ReuseStale;

    public bool GoesForward => Kind is VerdictKind.Validate or VerdictKind.Forward;

    internal static Verdict Reuse(TimeSpan currentAge, TimeSpan timeToLive) =>
        new() { Kind = VerdictKind.Reuse, CurrentAge = currentAge, TimeToLive = timeToLive };

    internal static Verdict ReuseStale(TimeSpan currentAge, TimeSpan timeToLive, StaleReason why) =>
        new() { Kind = VerdictKind.ReuseStale, CurrentAge = currentAge, TimeToLive = timeToLive, Stale = why };

    internal static Verdict Validate(ForwardReason why) => new() { Kind = VerdictKind.Validate, Why = why };

    internal static Verdict Forward(ForwardReason why) => new() { Kind = VerdictKind.Forward, Why = why };

    internal static Verdict GatewayTimeout => new() { Kind = VerdictKind.GatewayTimeout };
}

/// <summary>The five.</summary>
public enum VerdictKind
{
    /// <summary>Nothing can be reused.</summary>
    Forward,

    /// <summary>Ask the origin whether the selected response may be used (§4.3).</summary>
    Validate,

    /// <summary>Answer with the selected response, which is fresh.</summary>
    Reuse,

    /// <summary>Answer with the selected response although it is stale (§4.2.4).</summary>
    ReuseStale,

    /// <summary>only-if-cached, and nothing may be reused: 504 (§5.2.1.7).</summary>
    GatewayTimeout,
}

/// <summary>What allows to serve stale.</summary>
public enum StaleReason
{
    /// <summary>stale-while-revalidate of the response, RFC 5861 §3.</summary>
    WhileRevalidate,

    /// <summary>max-stale of the request, RFC 9111 §5.2.1.2.</summary>
    MaxStale,
}
