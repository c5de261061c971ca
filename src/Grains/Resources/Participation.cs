using Granary.Grains.Groups;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;
using Granary.Semantics.Validation;

namespace Granary.Grains.Resources;

/// <summary>The part one question has in a fetch: it leads, or its request is collapsed onto it.</summary>
/// <param name="Leads">The fetch was begun for this question, so whatever comes may be given to it.</param>
/// <param name="Asked">The newest fetch when the question was asked: any later one asked the origin after the client asked us.</param>
internal sealed record Participation(Fetch Fetch, bool Leads, long Asked)
{
    /// <summary>Interim responses the edge has not seen, as soon as there are any; null once the fetch is decided.</summary>
    public async ValueTask<Answer.Interim?> InterimsOr(Question question, ForwardReason why)
    {
        if (!question.WantsInterims) return null;
        var ticket = question.Ticket?.FetchId == Fetch.Id ? question.Ticket : null;
        if (ticket is null) Fetch.Joins(); // with a ticket it never left
        var seen = ticket?.InterimsSeen ?? 0;
        var heads = await Fetch.InterimsAfter(seen);
        if (!heads.IsEmpty) return new Answer.Interim(new Ticket(Fetch.Id, Leads, Asked, seen + heads.Length) { Why = why }, heads);
        Fetch.Leaves();
        return null;
    }

    public async ValueTask<FetchOutcome> Outcome()
    {
        Fetch.Joins();
        var outcome = await Fetch.Decided();
        Fetch.Leaves();
        return outcome;
    }

    /// <summary>What the outcome is for this question; null: nothing, look again.</summary>
    public Answer? Use(Choice choice, FetchOutcome outcome) => outcome switch
    {
        FetchOutcome.Stored stored when Leads => Own(choice, stored),
        FetchOutcome.Stored stored => Share(choice, stored.Variant, new CacheStatus { Fwd = choice.Why, Collapsed = true }),
        FetchOutcome.Freshened freshened => WithCookies(
            Share(choice, freshened.Variant, new CacheStatus { Fwd = choice.Why, FwdStatus = 304, Collapsed = !Leads }), freshened.Received.Fields),
        FetchOutcome.Unstored unstored => Lead(choice, unstored.Head, unstored.Content, unstored.Why),
        FetchOutcome.ServerError error => StaleFor(choice, OriginTrouble.ServerError, error.Head.Status, error.Content)
            ?? Lead(choice, error.Head, error.Content, "server-error"),
        FetchOutcome.Failed failed => StaleFor(choice, OriginTrouble.Disconnected, null, null)
            ?? (Answer)new Answer.Failed(failed.Error, choice.Why, Collapsed: !Leads),
        FetchOutcome.Unusable => null,
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is not an outcome."),
    };

    private static Answer.Serve Own(Choice choice, FetchOutcome.Stored stored) =>
        new(stored.Received, stored.Variant.Content.Address(), null, new CacheStatus { Fwd = choice.Why, Stored = stored.IsKept });

    private Answer.Serve? Share(Choice choice, StoredVariant variant, CacheStatus status) =>
        Leads || MayUse(choice, variant)
            ? new Answer.Serve(Leads ? variant.Response.Head : variant.Response.ReusableHead, variant.Content.Address(), variant.Response.AgeAfter(Choice.Resident(variant, choice.Clock)), status)
            : null;

    private Answer.Serve? WithCookies(Answer.Serve? serve, FieldLines notModified) =>
        serve is null || !Leads ? serve : serve with { Head = WithCookies(serve.Head, notModified) };

    /// <summary>The head for the one client whose request was validated: the cookies that the 304 sets are meant for it (RFC 9111 §7.3).</summary>
    public static ResponseHead WithCookies(ResponseHead head, FieldLines notModified)
    {
        if (!notModified.Has(FieldNames.SetCookie)) return head;
        var fields = head.Fields.Without(FieldNames.SetCookie);
        foreach (var line in notModified)
            if (line.Is(FieldNames.SetCookie)) fields = fields.Add(line.Name, line.Value);
        return head with { Fields = fields };
    }

    private bool MayUse(Choice choice, StoredVariant variant)
    {
        if (!variant.Content.IsRetained || variant.In(choice.Epochs) != Standing.Current || !Selection.Matches(choice.Presented, variant.Response)) return false;
        if (Fetch.Id > Asked) return true;
        var resident = Choice.Resident(variant, choice.Clock);
        return Reusability.Decide(choice.Presented, variant.Response, true, resident, choice.Options).MayReuse;
    }

    /// <summary>A response that is not stored is its leader's alone (P5). Nobody else waits for it: they are passed at once.</summary>
    private Answer Lead(Choice choice, ResponseHead head, Content content, string why)
    {
        if (!Leads) return new Answer.Pass(choice.Why, why);
        if (!IsConditionalOrPartial(choice.Presented))
            return new Answer.Serve(head, content.Address(), null, new CacheStatus { Fwd = choice.Why, Detail = why });
        content.Abandon(); // The origin was asked for the whole; the client wants its own preconditions and ranges answered by the origin.
        return new Answer.Pass(choice.Why, why);
    }

    private Answer.Serve? StaleFor(Choice choice, OriginTrouble trouble, int? status, Content? dropped)
    {
        if (choice.Selected is not { Content.IsRetained: true } selected || Fetch.IsOutdated || selected.IsInvalidated(choice.Epochs)) return null; // P2
        var resident = Choice.Resident(selected, choice.Clock);
        if (!StaleOnError.Allows(choice.Presented, selected.Response, resident, trouble, choice.Options)) return null;
        if (Leads) dropped?.Abandon();
        var age = selected.Response.AgeAfter(resident);
        var ttl = CacheStatus.TtlOf(selected.Response.Lifetime.Value - age);
        var cacheStatus = new CacheStatus { Fwd = choice.Why, FwdStatus = status, Ttl = ttl, Collapsed = !Leads, Detail = "stale-on-error" };
        return new Answer.Serve(selected.Response.ReusableHead, selected.Content.Address(), age, cacheStatus);
    }

    private static bool IsConditionalOrPartial(RequestHead presented) =>
        ValidationRequest.WithoutRange(ValidationRequest.WithoutPreconditions(presented.Fields)).Count != presented.Fields.Count;
}
