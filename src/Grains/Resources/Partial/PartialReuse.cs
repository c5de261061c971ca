using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;

namespace Granary.Grains.Resources.Partial;

/// <summary>
/// Answers questions from parts (RFC 9111 §3.3, §3.4):
/// (1) select a set of parts  (2) decide: serve it, ask for what is missing, leave it to the whole  (3) join the fetches under way or begin them
/// (4) look again: what came is in the store or is this question's own.
/// </summary>
internal sealed class PartialReuse(ResponseStore store, Fetcher fetcher, FetchesUnderWay underWay, Planning planning, Func<ResourceOptions> options, GroupEpochs epochs, Judging judging, CopyGiving giving)
{
    private const int MaxRounds = 4;

    public bool Concerns(string uri, Choice choice) => planning.Concerns(uri, choice);

    /// <summary>Null: parts cannot help, and time may have passed meanwhile.</summary>
    public async Task<Answer?> Answer(string uri, Choice choice, long asked)
    {
        var gained = new Gains();
        for (var round = 0; round < MaxRounds; round++)
        {
            var set = PartSet.Select(choice.Presented, Current(uri), gained.Own);               // (1)
            switch (planning.For(uri, choice, set, gained.Prove(set)))                                 // (2)
            {
                case Plan.Serve serve:
                    if (serve.FreshenBehind) Freshen(uri, choice, asked, serve);
                    if (round == 0) CountReuse(uri, serve);
                    return gained.Serve(choice, serve);
                case Plan.Ask { Known: { } known } when IsForOneClient(choice, known):
                    gained.Abandon();
                    return new Answer.Pass(ForwardReason.Request, "authorized-request");
                case Plan.Ask ask when !HasTooManyWaiters(uri):
                    if (await Ask(uri, choice, asked, ask, gained) is { } answer) return answer;       // (3), (4)
                    if (gained.HasMetWhole) return null;
                    break;
                case Plan.Pass pass:
                    gained.Abandon();
                    return new Answer.Pass(ForwardReason.Partial, pass.Detail);
                default:
                    gained.Abandon();
                    return null;
            }
        }

        gained.Abandon();
        return new Answer.Pass(ForwardReason.Partial, "not-combined");
    }

    private void CountReuse(string uri, Plan.Serve serve)
    {
        foreach (var part in serve.Set.Parts) giving.Reused(uri, part);
    }

    /// <summary>The parts that were not invalidated since.</summary>
    private ImmutableArray<StoredVariant> Current(string uri)
    {
        var parts = store.FindParts(uri);
        return judging.Apply(uri, parts) ? judging.Current(store.FindParts(uri)) : parts;
    }

    /// <summary>Waits for the heads of all that is asked for. The answer, if what came is none for the parts.</summary>
    private async Task<Answer?> Ask(string uri, Choice choice, long asked, Plan.Ask ask, Gains gained)
    {
        var parts = ask.Requests.Select(request => JoinOrBegin(uri, choice, asked, request, ask.Offer)).ToList();
        Answer? answer = null;
        foreach (var part in parts)
        {
            var outcome = await part.Outcome();
            if (IsDisowned(outcome)) Remove(uri, ask.Known);
            if (!gained.Take(part, outcome, ask.Why)) answer ??= Other(choice, part, outcome, ask);
        }

        if (answer is not null) gained.Abandon();
        return answer;
    }

    private Participation JoinOrBegin(string uri, Choice choice, long asked, PartRequest request, Offer offer)
    {
        lock (underWay.GateOf(uri)) return Join(uri, choice, asked, request) ?? Begin(uri, choice, asked, request, offer);
    }

    private Participation? Join(string uri, Choice choice, long asked, PartRequest request)
    {
        var known = choice.Known.With(Current(uri));
        foreach (var fetch in underWay.Of(uri))
            if (fetch.Part is { } part && !fetch.IsDecided && !fetch.IsOutrun(uri, epochs) && part.Range.Contains(request.Range)
                && choice.MayShare(fetch) && Selection.CouldMatch(choice.Presented, fetch.Leader.Presented, known))
                return new Participation(fetch, Leads: false, asked);
        return null;
    }

    private Participation Begin(string uri, Choice choice, long asked, PartRequest request, Offer offer) =>
        new(fetcher.Begin(uri, choice.Question, offer, hasLeader: true, request), Leads: true, asked);

    // RFC 9111 §3.5: the origin's answer could be one to this client alone, which is nothing to lay over what is stored for all.
    private static bool IsForOneClient(Choice choice, PartSet set) => choice.IsAuthorized && !set.Newest.Response.CacheControl.AllowsAuthorized;

    private void Freshen(string uri, Choice choice, long asked, Plan.Serve serve)
    {
        if (!choice.MayFreshenBehind || IsForOneClient(choice, serve.Set)) return;
        var ask = Planning.Validate(serve.Set, serve.Wanted, ForwardReason.Stale);
        lock (underWay.GateOf(uri))
        {
            if (Join(uri, choice, asked, ask.Requests[0]) is null) fetcher.Begin(uri, choice.Question, ask.Offer, hasLeader: false, ask.Requests[0]);
        }
    }

    // The origin has something else for this URI now, which is not for the cache: no part speaks for it any longer.
    private static bool IsDisowned(FetchOutcome outcome) => outcome is FetchOutcome.Unstored { Head.Status: < 500 and not (206 or 416) };

    private void Remove(string uri, PartSet? known)
    {
        foreach (var part in known?.Parts ?? []) store.Remove(uri, part);
    }

    private bool HasTooManyWaiters(string uri) => underWay.Of(uri).Sum(static fetch => fetch.Waiting) >= options().MaxWaitersPerUrl;

    // Everything that is no part: a whole response, an error, something not to be stored.
    private static Answer? Other(Choice choice, Participation part, FetchOutcome outcome, Plan.Ask ask) => outcome switch
    {
        FetchOutcome.Unstored unstored when part.Leads && IsAnswerAsItIs(choice, unstored.Head, ask) =>
            new Answer.Serve(unstored.Head, unstored.Content.Address(), null, new CacheStatus { Fwd = ask.Why, FwdStatus = unstored.Head.Status, Detail = unstored.Why }),
        FetchOutcome.ServerError or FetchOutcome.Failed when StaleFor(choice, part, outcome, ask) is { } stale => Abandoned(part, outcome, stale),
        FetchOutcome.ServerError error when part.Leads =>
            new Answer.Serve(error.Head, error.Content.Address(), null, new CacheStatus { Fwd = ask.Why, FwdStatus = error.Head.Status }),
        _ => part.Use(choice, outcome),
    };

    // What is no success says nothing of ranges (416 of a larger range holds for the smaller); a 206 only if the client asked in the same words.
    private static bool IsAnswerAsItIs(Choice choice, ResponseHead head, Plan.Ask ask) =>
        head.Status is >= 300 and not 304
        || head.Status == 206 && ask.Requests is [{ Holds: null } only] && ask.Offer.IsEmpty
            && !choice.Presented.Fields.Has(FieldNames.IfRange) && choice.Presented.Fields.Single(FieldNames.Range) == only.Range.ToString();

    // RFC 5861 §4, RFC 9111 §4.2.4: only a set that has everything is offered for validation.
    private static Answer.ServeParts? StaleFor(Choice choice, Participation part, FetchOutcome outcome, Plan.Ask ask)
    {
        if (ask.Offer.Selected is not { } newest || ask.Stale is not { } serve || part.Fetch.IsOutdated || newest.IsInvalidated(choice.Epochs)) return null; // P2
        var trouble = outcome is FetchOutcome.ServerError ? OriginTrouble.ServerError : OriginTrouble.Disconnected;
        if (!StaleOnError.Allows(choice.Presented, newest.Response, Choice.Resident(newest, choice.Clock), trouble, choice.Options)) return null;
        var status = (outcome as FetchOutcome.ServerError)?.Head.Status;
        return Gains.Serve(choice, serve, new CacheStatus { Fwd = ask.Why, FwdStatus = status, Detail = "stale-on-error" });
    }

    private static Answer Abandoned(Participation part, FetchOutcome outcome, Answer instead)
    {
        if (part.Leads && outcome is FetchOutcome.ServerError error) error.Content.Abandon();
        return instead;
    }
}
