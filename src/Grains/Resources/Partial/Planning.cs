using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;
using Granary.Semantics.Reusability;

namespace Granary.Grains.Resources.Partial;

/// <summary>Decides what parts do for a question, without asking anybody.</summary>
internal sealed class Planning(ResponseStore store, PassMemory passes, RangeMemory ranges, Func<ResourceOptions> options)
{
    private PartialOptions Options => options().Partial;

    /// <summary>Whether parts could matter. On the way of every request: a whole response that is there ends it with one look.</summary>
    public bool Concerns(string uri, Choice choice)
    {
        if (choice.Selected is { Content: { IsRetained: true, HasArrived: true } }) return false;
        var fields = choice.Presented.Fields;
        var hasRange = fields.Has(FieldNames.Range);
        if (!hasRange && (choice.Selected is not null || store.FindParts(uri).IsEmpty)) return false;
        return !Reusability.HasOriginPrecondition(fields) && !(choice.Options.HonourRequestDirectives && CacheControl.OfRequest(fields).NoStore);
    }

    /// <param name="isProven">What was received for this question vouches for the set: it is not asked about its freshness.</param>
    public Plan For(string uri, Choice choice, PartSet? set, bool isProven)
    {
        if (set is null) return Miss(uri, choice);
        Verdict? verdict = isProven ? null : Reusability.Decide(choice.Presented, set.Newest.Response, true, Choice.Resident(set.Newest, choice.Clock), choice.Options);
        if (set.WantedBy(choice.Presented) is not { } wanted) // 416, which a part can tell as well as the whole
            return verdict is null or { Kind: VerdictKind.Reuse } ? new Plan.Serve(set, []) : new Plan.Pass("unsatisfiable-range");
        return verdict switch
        {
            null or { MayReuse: true } when set.Covers(wanted) => new Plan.Serve(set, wanted, verdict is { FreshenBehind: true }),
            { Kind: VerdictKind.Forward } => Miss(uri, choice),
            { Kind: VerdictKind.GatewayTimeout } => Plan.None.Instance,
            _ when choice.Presented.Method != Methods.Get || CacheControl.OfRequest(choice.Presented.Fields).OnlyIfCached => Plan.None.Instance,
            { Kind: VerdictKind.Validate, Why: var why } when set.Covers(wanted) => Validate(set, wanted, why),
            _ => Complete(uri, choice, set, wanted),
        };
    }

    // With If-None-Match and Range: 304 costs no bytes, and if the representation is another one, its range comes at once.
    public static Plan.Ask Validate(PartSet set, IReadOnlyList<ByteRange> wanted, ForwardReason why) =>
        new([new PartRequest(new RangeSpec(wanted[0].First, wanted[0].Last), null)], Offer.Narrow(set.Newest), why, set, new Plan.Serve(set, wanted));

    private Plan Complete(string uri, Choice choice, PartSet set, IReadOnlyList<ByteRange> wanted)
    {
        if (IsArrivingAlready(choice)) return Plan.None.Instance;
        if (set.Validator is not { } validator || ranges.IsIgnored(uri)) return Miss(uri, choice);
        var gaps = Coverage.MissingInBlocks(set.Held, wanted, Options.BlockBytes, set.CompleteLength);
        if (gaps.Count <= Options.MaxGaps && gaps.Sum(static gap => gap.Length) <= store.Options.MaxResponseBytes)
            return new Plan.Ask([.. gaps.Select(gap => new PartRequest(SpecOf(gap, set.CompleteLength), validator))], Offer.Narrow(null), ForwardReason.Partial, set);
        return choice.Presented.Fields.Has(FieldNames.Range) ? new Plan.Pass("too-large") : Plan.None.Instance;
    }

    private Plan Miss(string uri, Choice choice)
    {
        if (choice.Presented.Method != Methods.Get || CacheControl.OfRequest(choice.Presented.Fields).OnlyIfCached) return Plan.None.Instance;
        if (RangeSpec.OnlyOf(choice.Presented.Fields) is not { } spec || !IsFar(uri, choice, spec)) return Plan.None.Instance;
        var why = choice.Selected is null ? choice.Why : ForwardReason.Partial;
        return new Plan.Ask([new PartRequest(spec.InBlocks(Options.BlockBytes), null)], Offer.Narrow(null), why);
    }

    /// <summary>Whether the range would have to wait long for the whole.</summary>
    private bool IsFar(string uri, Choice choice, RangeSpec spec)
    {
        if (ranges.IsIgnored(uri) || spec is { IsSuffix: true, Last: 0 }) return false;
        if (choice.Selected is { Content.IsRetained: true } arriving) return IsFarIn(arriving, choice, spec);
        if (ranges.IsLarge(uri)) return true;
        return !passes.Remembers(uri, choice.IsAuthorized) && (spec.IsSuffix || spec.First >= Options.NearBytes);
    }

    // What a whole under way will bring soon is not fetched beside it.
    private bool IsArrivingAlready(Choice choice) =>
        choice.Selected is { Content.IsRetained: true } arriving
        && !(RangeSpec.OnlyOf(choice.Presented.Fields) is { } spec && IsFarIn(arriving, choice, spec));

    private bool IsFarIn(StoredVariant arriving, Choice choice, RangeSpec spec)
    {
        if (!choice.Verdict.MayReuse) return false;
        if (arriving.Response.Head.Status != 200 || arriving.Response.Head.Fields.First(FieldNames.AcceptRanges) is "none") return false;
        var length = arriving.Content.Length ?? long.MaxValue;
        var first = spec.First ?? length - Math.Min(length, spec.Last!.Value);
        return first < length && first - arriving.Content.Arrived >= Options.NearBytes;
    }

    private static RangeSpec SpecOf(ByteRange gap, long completeLength) =>
        new(gap.First, gap.Last == completeLength - 1 ? null : gap.Last);
}
