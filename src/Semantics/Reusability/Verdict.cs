namespace Granary.Semantics.Reusability;

/// <summary>What a cache does with a request: one of five. RFC 9111 §4.</summary>
public abstract record Verdict
{
    private Verdict() { }

    /// <summary>Answer with the selected response, which is fresh.</summary>
    public sealed record Reuse(TimeSpan CurrentAge, TimeSpan TimeToLive) : Verdict;

    /// <summary>Answer with the selected response although it is stale (§4.2.4).</summary>
    /// <param name="FreshenBehind">Validate it afterwards, without letting the client wait (RFC 5861 §3).</param>
    public sealed record ReuseStale(TimeSpan CurrentAge, StaleReason Why, bool FreshenBehind) : Verdict
    {
        /// <summary>Zero or negative: how long ago it was fresh.</summary>
        public TimeSpan TimeToLive { get; init; }
    }

    /// <summary>Ask the origin whether the selected response may be used (§4.3).</summary>
    public sealed record Validate(ForwardReason Why) : Verdict;

    /// <summary>Nothing can be reused: forward.</summary>
    public sealed record Forward(ForwardReason Why) : Verdict;

    /// <summary>only-if-cached, and nothing may be reused: 504 (§5.2.1.7).</summary>
    public sealed record GatewayTimeout : Verdict
    {
        public static readonly GatewayTimeout Instance = new();
    }

    private static readonly Validate[] Validations = Each(why => new Validate(why));
    private static readonly Forward[] Forwards = Each(why => new Forward(why));

    internal static Verdict ToValidate(ForwardReason why) => Validations[(int)why];

    internal static Verdict ToForward(ForwardReason why) => Forwards[(int)why];

    private static T[] Each<T>(Func<ForwardReason, T> make) => [.. Enum.GetValues<ForwardReason>().Select(make)];
}

/// <summary>What allows to serve stale.</summary>
public enum StaleReason
{
    /// <summary>stale-while-revalidate of the response, RFC 5861 §3.</summary>
    WhileRevalidate,

    /// <summary>max-stale of the request, RFC 9111 §5.2.1.2.</summary>
    MaxStale,
}
