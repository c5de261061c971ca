namespace Granary.Grains.Origin;

/// <summary>
/// An exchange with the origin that failed: a value, not an exception. Nothing in it names an address, host or port, so it may be
/// shown to clients, written to <c>Cache-Status</c> and counted as it is.
/// </summary>
/// <param name="Fault">What happened.</param>
/// <param name="Violation">With <see cref="OriginFault.Malformed"/>: the rule that was broken, as one word. Where several addresses were tried, or a parent refused: how that went.</param>
[GenerateSerializer, Immutable, Alias("granary.origin-error")]
public sealed record OriginError([property: Id(0)] OriginFault Fault, [property: Id(1)] string? Violation = null)
{
    private OriginErrorTraits Traits => OriginErrorTraits.Of(Fault);

    /// <summary>The status for the client, where an answer can still be given.</summary>
    public int Status => Traits.Status;

    /// <summary>The proxy error type of RFC 9209 §2.3, or a word of ours where it has none. Stable.</summary>
    public string Token => Traits.Token;

    public OriginStage Stage => Traits.Stage;

    /// <summary>One sentence for people.</summary>
    public string Sentence => Violation is null ? Traits.Sentence : $"{Traits.Sentence} ({Violation})";

    /// <summary>The origin was not asked, or cannot have acted on the request: another destination may be tried with any method.</summary>
    public bool WasNotSent => Stage is OriginStage.Access or OriginStage.Resolve or OriginStage.Connect or OriginStage.Secure;

    /// <summary>A request that changes nothing may be sent to another destination: this one gave no head, and not for want of time.</summary>
    public bool MayBeTriedElsewhere => Stage is not OriginStage.Access and not OriginStage.Content and not OriginStage.Internal && Fault is not OriginFault.HeadTimedOut and not OriginFault.NoDestination;

    /// <summary>No answer at all, as opposed to a broken one: what RFC 9111 §4.2.4 calls disconnected.</summary>
    public bool IsDisconnected => Fault is not OriginFault.DestinationRefused and not OriginFault.Internal;

    /// <summary>
    /// Reads what the HTTP client and our guards throw.
    /// </summary>
    /// <param name="exception">What was caught.</param>
    /// <param name="fired">The timer that ended the exchange, if one did: it tells more than the cancellation it causes.</param>
    /// <param name="headReceived">The head of the answer had arrived.</param>
    public static OriginError From(Exception exception, OriginTimer fired = OriginTimer.None, bool headReceived = false) =>
        OriginErrorReading.OfTimer(fired) ?? OriginErrorReading.OfException(exception, headReceived);
}
