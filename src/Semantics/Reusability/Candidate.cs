using Granary.Semantics.Fields;

namespace Granary.Semantics.Reusability;

/// <summary>A selected response at one moment. RFC 9111 §4.2: fresh while its lifetime is greater than its current age.</summary>
internal readonly struct Candidate(StoredResponse response, TimeSpan residentTime)
{
    public StoredResponse Response { get; } = response;

    public TimeSpan Age { get; } = response.AgeAfter(residentTime);

    public TimeSpan TimeToLive => Response.Lifetime.Value - Age;

    public TimeSpan Staleness => -TimeToLive;

    public bool IsFresh => TimeToLive > TimeSpan.Zero;

    /// <summary>Without a validator there is nothing to ask the origin about.</summary>
    public Verdict GoesForward(ForwardReason why) =>
        Response.HasValidator ? Verdict.Validate(why) : Verdict.Forward(why);
}
