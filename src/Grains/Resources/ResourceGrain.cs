using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Resources.Partial;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;
using Orleans.Concurrency;

namespace Granary.Grains.Resources;

/// <summary>
/// The owner of one target URI. It decides; the silo keeps: stored responses are in <see cref="ResponseStore"/>, fetches in
/// <see cref="FetchesUnderWay"/>, so an activation may be lost at any time.
/// </summary>
/// <remarks>
/// Reentrant: questions interleave at every await, so between two awaits, and only there, what was read is still true.
/// <para>
/// A question that waits for a fetch uses its outcome without asking anew if the response is fresh, or if the fetch began after the question was
/// asked: then the origin answered later than the client asked, as if the client's own request had been forwarded (collapsed requests, RFC 9111 §4).
/// So clients of a response that must always be validated wait for at most two fetches, never in a row behind each other.
/// </para>
/// </remarks>
[Reentrant]
internal sealed class ResourceGrain(
    ResponseStore store, Fetcher fetcher, PartialReuse byParts, FetchesUnderWay underWay, PassMemory passes, Func<ResourceOptions> options, TimeProvider clock,
    HeadFreshening heads, GroupEpochs epochs, ActivationBudget activations, ILogger<ResourceGrain> logger) : Grain, IResourceGrain
{
    /// <summary>A question that met so many outcomes of no use to it (variants of others, mostly) is passed.</summary>
    private const int MaxRounds = 4;

    private const string NotStorable = "not-storable";

    private string _uri = "";
    private int _answering;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _uri = this.GetPrimaryKeyString();
        activations.Entered();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        activations.Left();
        return Task.CompletedTask;
    }

    public async Task<Answer> Ask(Question question)
    {
        _answering++;
        try
        {
            return await Decide(question);
        }
        finally
        {
            _answering--;
            if (activations.IsExceeded) _ = Leave();
        }
    }

    // Never while others wait here: whoever asks a grain that is leaving waits until it has left. Nor during a fetch, which is conducted in its turns.
    private async Task Leave()
    {
        while (_answering == 0 && underWay.Of(_uri) is [var fetch, ..]) await fetch.Ended;
        if (_answering == 0) DeactivateOnIdle();
    }

    /// <summary>(1) Select a stored response  (2) Reuse it if it may be  (3) Join a fetch under way, or begin one  (4) Use its outcome, or look again</summary>
    private async Task<Answer> Decide(Question question)
    {
        var part = Resume(question.Ticket);
        var asked = part?.Asked ?? Fetch.Newest;
        for (var round = 0; round < MaxRounds; round++, part = null)
        {
            var choice = Choice.Of(question, Current(), options().Reuse, clock, epochs);     // (1)
            if (part is null && byParts.Concerns(_uri, choice))
            {
                if (await byParts.Answer(_uri, choice, asked) is { } partly) return partly;
                choice = Choice.Of(question, Current(), options().Reuse, clock, epochs);
            }

            if (part is null && Reuse(choice, asked) is { } stored) return stored;      // (2)
            if (part is null && WhyPass(choice) is { } detail) return new Answer.Pass(choice.Why, detail, IsRemembered: detail == NotStorable);
            part ??= Join(choice, asked) ?? Begin(choice, asked, isFirst: round == 0);  // (3)
            if (await part.InterimsOr(question) is { } interims) return interims;
            if (part.Use(choice, await part.Outcome()) is { } answer) return answer; // (4)
        }

        return new Answer.Pass(ForwardReason.Miss, "no-matching-variant");
    }

    /// <summary>What is stored and was not invalidated through one of its groups since.</summary>
    private ImmutableArray<StoredVariant> Current()
    {
        var variants = store.Find(_uri);
        foreach (var variant in variants)
            if (variant.IsInvalidated(epochs) && store.Remove(_uri, variant)) variants = variants.Remove(variant);
        return variants;
    }

    public Task<int> Invalidate()
    {
        foreach (var fetch in underWay.Of(_uri)) fetch.Outdate();
        var removed = store.Remove(_uri);
        logger.ResponsesInvalidated(_uri, removed);
        return Task.FromResult(removed);
    }

    public Task NoLongerPasses(bool authorized)
    {
        passes.Forget(_uri, authorized);
        return Task.CompletedTask;
    }

    public Task HeadPassed(PassedHead passed)
    {
        heads.Apply(_uri, passed);
        return Task.CompletedTask;
    }

    private Answer? Reuse(Choice choice, long asked)
    {
        if (choice is { Verdict.FreshenBehind: true, MayFreshenBehind: true } && Join(choice, asked) is null)
            fetcher.Begin(_uri, choice.Question, Offer.Narrow(choice.Selected), hasLeader: false);
        return choice.FromStored();
    }

    /// <summary>Why the edge shall forward this question itself rather than wait here; null if it may wait.</summary>
    private string? WhyPass(Choice choice)
    {
        if (choice.Presented.Method != "GET") return "method-not-fetched";
        if (Reusability.HasOriginPrecondition(choice.Presented.Fields)) return "origin-precondition"; // RFC 9111 §4.3.2
        if (choice.Options.HonourRequestDirectives && CacheControl.OfRequest(choice.Presented.Fields).NoStore) return "request-no-store";
        if (choice.Selected is { Content.IsRetained: false }) return "too-large";
        if (choice.IsForOneClient) return "authorized-request"; // RFC 9111 §3.5
        if (choice.Selected is null && passes.Remembers(_uri, choice.IsAuthorized)) return NotStorable;
        return underWay.Of(_uri).Sum(fetch => fetch.Waiting) >= options().MaxWaitersPerUrl ? "too-many-waiters" : null;
    }

    private Participation? Resume(Ticket? ticket) =>
        ticket is not null && underWay.Of(_uri).FirstOrDefault(fetch => fetch.Id == ticket.FetchId) is { } fetch
            ? new Participation(fetch, ticket.Leads, ticket.Asked)
            : null;

    private Participation? Join(Choice choice, long asked)
    {
        foreach (var fetch in underWay.Of(_uri))
            if (fetch.Part is null && !fetch.IsDecided && !fetch.IsOutdated && choice.MayShare(fetch) && Selection.CouldMatch(choice.Presented, fetch.Leader.Presented, choice.Known))
                return new Participation(fetch, Leads: false, asked);
        return null;
    }

    // Other variants are offered once: an origin whose 304 does not tell which it means is asked again about the selected one alone.
    private Participation Begin(Choice choice, long asked, bool isFirst) => new(
        fetcher.Begin(_uri, choice.Question, isFirst ? Offer.Wide(choice) : Offer.Narrow(choice.Selected), hasLeader: true), Leads: true, asked);
}
