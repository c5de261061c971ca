using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;

namespace Granary.Grains.Resources;

/// <summary>A question beside what is stored for it: the selected response (RFC 9111 §4.1) and whether it may be reused (§4).</summary>
internal sealed record Choice(
    Question Question, ImmutableArray<StoredVariant> Variants, StoredVariant? Selected, Verdict Verdict, ReuseOptions Options, TimeProvider Clock,
    GroupEpochs Epochs)
{
    private static readonly Answer.OnlyIfCached OnlyIfCached = new();

    public RequestHead Presented => Question.Presented;

    public bool IsAuthorized => Presented.Fields.Has(FieldNames.Authorization);

    public StoredResponses Known => new(Variants);

    /// <summary>The origin's answer could be one to this client alone (RFC 9111 §3.5): what is stored for all is neither replaced nor freshened by it.</summary>
    public bool IsForOneClient => IsAuthorized && Selected is { Response.CacheControl.AllowsAuthorized: false };

    /// <summary>What a fetch for this question brings can be stored, and be what a GET by anybody else needs.</summary>
    public bool MayFreshenBehind => Presented.Method == Methods.Get && !IsForOneClient && !CacheControl.OfRequest(Presented.Fields).NoStore;

    /// <summary>RFC 9111 §3.5 may keep the response to an authorized request from everybody else, so nobody else waits for one.</summary>
    public bool MayShare(Fetch fetch) => IsAuthorized || !fetch.Leader.Presented.Fields.Has(FieldNames.Authorization);

    /// <summary>Why it went forward before, if it comes back to a fetch.</summary>
    public ForwardReason? WhyAtFirst { get; init; }

    public ForwardReason Why => WhyAtFirst ?? (Verdict.GoesForward ? Verdict.Why : ForwardReason.Miss);

    public static Choice Of(Question question, ImmutableArray<StoredVariant> variants, ReuseOptions options, TimeProvider clock, GroupEpochs epochs)
    {
        var selected = Select(question, variants);
        var verdict = Reusability.Decide(question.Presented, selected?.Response, !variants.IsEmpty, Resident(selected, clock), options);
        return new Choice(question, variants, selected, verdict, options, clock, epochs);
    }

    /// <summary>The answer if the selected response is fresh and may be reused without anything having to be begun; the same that the whole choice would give, and nothing else is made.</summary>
    public static Answer.Serve? FreshHit(Question question, ImmutableArray<StoredVariant> variants, ReuseOptions options, TimeProvider clock)
    {
        if (Select(question, variants) is not { Content.IsRetained: true } selected) return null;
        var verdict = Reusability.Decide(question.Presented, selected.Response, anyStored: true, Resident(selected, clock), options);
        return verdict.Kind is VerdictKind.Reuse ? Serve(question, selected, verdict) : null;
    }

    private static StoredVariant? Select(Question question, ImmutableArray<StoredVariant> variants)
    {
        var index = Selection.Select(question.Presented, new StoredResponses(variants));
        return index < 0 || variants[index].Content.State == ContentState.Failed ? null : variants[index];
    }

    public static TimeSpan Resident(StoredVariant? variant, TimeProvider clock) =>
        variant is null ? TimeSpan.Zero : clock.GetElapsedTime(variant.ReceivedTimestamp);

    /// <summary>The answer if the selected response may be reused as it is, else null.</summary>
    public Answer? FromStored() => Verdict switch
    {
        { MayReuse: true } when IsWhole => Serve(Question, Selected!, Verdict),
        { Kind: VerdictKind.GatewayTimeout } => OnlyIfCached,
        _ => null,
    };

    private bool IsWhole => Selected is { Content.IsRetained: true };

    private static Answer.Serve Serve(Question question, StoredVariant selected, in Verdict verdict)
    {
        var hints = question.WantsInterims ? selected.EarlyHints : [];
        return new Answer.Serve(selected.Response.ReusableHead, selected.Elsewhere?.Address ?? selected.Content.Address(), verdict.CurrentAge, Status(selected, verdict.TimeToLive)) { EarlyHints = hints };
    }

    /// <summary>A response whose content still arrives was not in the cache when it was asked for: that is a collapsed request, not a hit.</summary>
    private static CacheStatus Status(StoredVariant selected, TimeSpan timeToLive) => selected.Content.HasArrived
        ? new CacheStatus { Hit = true, Ttl = CacheStatus.TtlOf(timeToLive) }
        : new CacheStatus { Fwd = ForwardReason.UriMiss, Collapsed = true, Ttl = CacheStatus.TtlOf(timeToLive) };
}
