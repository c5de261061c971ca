using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Explaining;
using Granary.Grains.Groups;
using Granary.Grains.Resources.Partial;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;

namespace Granary.Grains.Resources;

/// <summary>
/// Decides for target URIs with what this silo keeps: stored responses in <see cref="ResponseStore"/>, fetches in <see cref="FetchesUnderWay"/>.
/// The grain of a URI finds the one silo that does so; a silo that stands in for a lost owner does the same without the grain.
/// </summary>
/// <remarks>
/// Thread-safe: what was read from the store may have changed by the time it is acted on, so a fetch is begun only if it has not.
/// <para>
/// A question that waits for a fetch uses its outcome without asking anew if the response is fresh, or if the fetch began after the question was
/// asked: then the origin answered later than the client asked, as if the client's own request had been forwarded (collapsed requests, RFC 9111 §4).
/// So clients of a response that must always be validated wait for at most two fetches, never in a row behind each other.
/// </para>
/// </remarks>
internal sealed class Ownership(
    ResponseStore store, Fetcher fetcher, PartialReuse byParts, FetchesUnderWay underWay, PassMemory passes, Func<ResourceOptions> options, TimeProvider clock,
    GroupEpochs epochs, Judging judging, Bringing bringing, CopyGiving giving, DecisionLog decisions)
{
    /// <summary>A question that met so many outcomes of no use to it (variants of others, mostly) is passed.</summary>
    private const int MaxRounds = 4;

    private const string NotStorable = "not-storable";

    /// <summary>(1) Select a stored response, if need be one that another silo has  (2) Reuse it if it may be  (3) Join a fetch under way, or begin one  (4) Use its outcome, or look again</summary>
    public Task<Answer> Ask(string uri, Question question)
    {
        var deciding = Decide(uri, question);
        if (!deciding.IsCompletedSuccessfully) return Noted(uri, deciding);
        decisions.Note(uri, deciding.Result);
        return deciding;
    }

    private async Task<Answer> Noted(string uri, Task<Answer> deciding)
    {
        var answer = await deciding;
        decisions.Note(uri, answer);
        return answer;
    }

    private async Task<Answer> Decide(string uri, Question question)
    {
        var part = Resume(uri, question.Ticket);
        var asked = part?.Asked ?? Fetch.Newest;
        for (var round = 0; round < MaxRounds; round++, part = null)
        {
            var choice = Choose(uri, question) with { WhyAtFirst = part is null ? null : question.Ticket?.Why }; // (1)
            if (part is null && round == 0 && choice.Variants.IsEmpty && bringing.MayHelp(uri, question.Presented))
            {
                await bringing.Bring(uri);
                choice = Choose(uri, question);
            }

            if (part is null && byParts.Concerns(uri, choice))
            {
                if (await byParts.Answer(uri, choice, asked) is { } partly) return partly;
                choice = Choose(uri, question);
            }

            if (part is null && Reuse(uri, choice, asked) is { } stored) return stored;           // (2)
            if (part is null && WhyPass(uri, choice) is { } detail) return new Answer.Pass(choice.Why, detail, IsRemembered: detail == NotStorable);
            part ??= JoinOrBegin(uri, choice, asked, isFirst: round == 0);                        // (3)
            if (part is null) continue;
            if (await part.InterimsOr(question, choice.Why) is { } interims) return interims;
            if (part.Use(choice, await part.Outcome()) is { } answer) return Telling(answer, part.Fetch); // (4)
        }

        return new Answer.Pass(ForwardReason.Miss, "no-matching-variant");
    }

    private static Answer Telling(Answer answer, Fetch fetch) => fetch.TakeLearned() is { IsEmpty: false } learned ? answer with { Learned = learned } : answer;

    /// <summary>The answer if something stored here may be reused as it is, else null; nothing is begun.</summary>
    public Answer? Reuse(string uri, Question question)
    {
        if (Choose(uri, question).FromStored() is not Answer.Serve serve) return null;
        decisions.Note(uri, serve);
        return serve;
    }

    private Choice Choose(string uri, Question question) => Choice.Of(question, Current(uri), options().ReuseFor(question.Route), clock, epochs);

    /// <summary>What is stored and was not invalidated since, by its group, host or prefix; what is stale by that is so.</summary>
    private ImmutableArray<StoredVariant> Current(string uri)
    {
        var variants = store.Find(uri);
        return judging.Apply(uri, variants) ? judging.Current(store.Find(uri)) : variants;
    }

    private Answer? Reuse(string uri, Choice choice, long asked)
    {
        if (choice is { Verdict.FreshenBehind: true, MayFreshenBehind: true }) FreshenBehind(uri, choice, asked);
        var answer = choice.FromStored();
        if (answer is Answer.Serve) giving.Reused(uri, choice.Selected!);
        return answer;
    }

    private void FreshenBehind(string uri, Choice choice, long asked)
    {
        lock (underWay.GateOf(uri))
        {
            if (Join(uri, choice, asked) is null && IsStill(uri, choice)) fetcher.Begin(uri, choice.Question, Offer.Narrow(choice.Selected), hasLeader: false);
        }
    }

    /// <summary>Why the edge shall forward this question itself rather than wait here; null if it may wait.</summary>
    private string? WhyPass(string uri, Choice choice)
    {
        if (choice.Presented.Method != "GET") return "method-not-fetched";
        if (Reusability.HasOriginPrecondition(choice.Presented.Fields)) return "origin-precondition"; // RFC 9111 §4.3.2
        if (choice.Options.HonourRequestDirectives && CacheControl.OfRequest(choice.Presented.Fields).NoStore) return "request-no-store";
        if (choice.Selected is { Content.IsRetained: false }) return "too-large";
        if (choice.IsForOneClient) return "authorized-request"; // RFC 9111 §3.5
        if (choice.Selected is null && passes.Remembers(uri, choice.IsAuthorized)) return NotStorable;
        return underWay.Of(uri).Sum(fetch => fetch.Waiting) >= options().MaxWaitersPerUrl ? "too-many-waiters" : null;
    }

    private Participation? Resume(string uri, Ticket? ticket) =>
        ticket is not null && underWay.Of(uri).FirstOrDefault(fetch => fetch.Id == ticket.FetchId) is { } fetch
            ? new Participation(fetch, ticket.Leads, ticket.Asked)
            : null;

    /// <summary>In one step, so that nobody else in this silo begins the same (P1). Null when what was chosen from is no longer what is stored: look again.</summary>
    private Participation? JoinOrBegin(string uri, Choice choice, long asked, bool isFirst)
    {
        lock (underWay.GateOf(uri))
        {
            if (Join(uri, choice, asked) is { } joined) return joined;
            return IsStill(uri, choice) ? Begin(uri, choice, asked, isFirst) : null;
        }
    }

    private bool IsStill(string uri, Choice choice) => store.Find(uri) == choice.Variants;

    private Participation? Join(string uri, Choice choice, long asked)
    {
        foreach (var fetch in underWay.Of(uri))
            if (fetch.Part is null && !fetch.IsDecided && !fetch.IsOutrun(uri, epochs) && choice.MayShare(fetch) && Selection.CouldMatch(choice.Presented, fetch.Leader.Presented, choice.Known))
                return new Participation(fetch, Leads: false, asked);
        return null;
    }

    // Other variants are offered once: an origin whose 304 does not tell which it means is asked again about the selected one alone.
    private Participation Begin(string uri, Choice choice, long asked, bool isFirst) => new(
        fetcher.Begin(uri, choice.Question, isFirst ? Offer.Wide(choice) : Offer.Narrow(choice.Selected), hasLeader: true), Leads: true, asked);
}
