using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Reusability;

/// <summary>Whether a presented request may be answered with the selected stored response. RFC 9111 §4, §4.2, §5.2.1.</summary>
public static class Reusability
{
    /// <param name="selected">What Selection chose, or null.</param>
    /// <param name="anyStored">Whether anything is stored for the URI, to tell a vary-miss from a uri-miss.</param>
    /// <param name="residentTime">Time since the response was received or last validated, by a monotonic clock.</param>
    public static Verdict Decide(
        RequestHead presented, StoredResponse? selected, bool anyStored, TimeSpan residentTime, ReuseOptions options)
    {
        if (!Methods.IsUnderstoodForCaching(presented.Method)) return Verdict.Forward(ForwardReason.Method);
        var asked = CacheControl.OfRequest(presented.Fields);
        var verdict = selected is null
            ? Verdict.Forward(anyStored ? ForwardReason.VaryMiss : ForwardReason.UriMiss)
            : DecideSelected(presented, new(selected, residentTime), options.HonourRequestDirectives ? asked : CacheControl.None);
        return verdict.GoesForward && asked.OnlyIfCached ? Verdict.GatewayTimeout : verdict;                           // §5.2.1.7
    }

    private static Verdict DecideSelected(RequestHead presented, in Candidate it, CacheControl asked)
    {
        if (HasOriginPrecondition(presented.Fields)) return Verdict.Forward(ForwardReason.Request);
        if (it.Response.CacheControl.RequiresValidation) return it.GoesForward(ForwardReason.Stale);                   // §5.2.2.4
        if (!it.IsFresh) return DecideStale(it, asked);
        if (asked.NoCache) return it.GoesForward(ForwardReason.Request);                                               // §5.2.1.4
        if (IsTooOld(it, asked)) return it.GoesForward(ForwardReason.Request);                                         // §5.2.1.1
        if (it.TimeToLive < asked.MinFresh) return it.GoesForward(ForwardReason.Request);                              // §5.2.1.3
        return Verdict.Reuse(it.Age, it.TimeToLive);
    }

    // §4.2.4: an explicit directive is needed, and none may forbid it.
    private static Verdict DecideStale(in Candidate it, CacheControl asked)
    {
        if (it.Response.CacheControl.ForbidsStale || asked.NoCache || asked.MinFresh is not null || IsTooOld(it, asked))
            return it.GoesForward(ForwardReason.Stale);
        if (it.Staleness <= asked.MaxStale)                                                                            // §5.2.1.2
            return Verdict.ReuseStale(it.Age, it.TimeToLive, StaleReason.MaxStale);
        if (asked.MaxAge is null && it.Staleness <= it.Response.CacheControl.StaleWhileRevalidate)                     // RFC 5861 §3
            return Verdict.ReuseStale(it.Age, it.TimeToLive, StaleReason.WhileRevalidate);
        return it.GoesForward(ForwardReason.Stale);
    }

    // max-age=0 asks for validation, even in the instant of arrival.
    private static bool IsTooOld(in Candidate it, CacheControl asked) => it.Age > asked.MaxAge || asked.MaxAge == TimeSpan.Zero;

    /// <summary>If-Match and If-Unmodified-Since are not for a cache to evaluate: only the origin knows its current state (RFC 9111 §4.3.2).</summary>
    public static bool HasOriginPrecondition(FieldLines fields) =>
        fields.Has(FieldNames.IfMatch) || fields.Has(FieldNames.IfUnmodifiedSince);
}
