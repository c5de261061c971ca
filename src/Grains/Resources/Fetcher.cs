using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Origin;
using Granary.Grains.Resources.Partial;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Invalidation;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;
using Granary.Semantics.Storability;
using Granary.Semantics.Validation;

namespace Granary.Grains.Resources;

/// <summary>
/// Conducts a fetch from beginning to end:
/// (1) ask the origin  (2) decide by the head: stored, freshened, for the leader alone, failed  (3) free all who wait  (4) take in the content. A content that breaks takes its stored response out of the store by itself.
/// </summary>
internal sealed class Fetcher(
    OriginClient origin, DestinationsInTurn inTurn, ResponseStore store, FetchesUnderWay underWay, PassMemory passes, RangeMemory ranges, PartStoring parts, Func<ResourceOptions> options,
    TimeProvider clock, GroupEpochs epochs, SharedTexts texts, ILogger<Fetcher> logger)
{
    /// <summary>How long an ended fetch stays listed for those who took interim responses to their clients and will come back for the rest.</summary>
    private static readonly TimeSpan TicketLasts = TimeSpan.FromSeconds(30);

    /// <summary>Begins a fetch; it is listed as under way before this returns.</summary>
    /// <param name="part">The range to ask for; null for the whole.</param>
    public Fetch Begin(string uri, Question leader, Offer offer, bool hasLeader, PartRequest? part = null)
    {
        var fetch = new Fetch(leader, offer, hasLeader, epochs.Now, part);
        underWay.Add(uri, fetch);
        _ = Conduct(uri, fetch);
        return fetch;
    }

    private async Task Conduct(string uri, Fetch fetch)
    {
        await Task.Yield(); // whoever begins it may hold the gate, and waits for it only when it is listed
        try
        {
            using var turn = await inTurn.Ask(RequestOf(fetch), fetch.Leader.Route, fetch.Interim); // (1)
            fetch.Learn(turn.Learned);
            var (outcome, writer) = Settle(uri, fetch, turn.Reply);                                  // (2)
            fetch.Decide(outcome);                                                              // (3)
            if (writer is null) return;
            if (!fetch.HasLeader && outcome is FetchOutcome.Unstored or FetchOutcome.ServerError or FetchOutcome.Part { IsKept: false }) writer.Content.Abandon();
            var message = ((OriginReply.Responded)turn.Reply).Message;
            // (4), outside the grain's turns, and behind who was freed just now: he opens the content before it can break.
            await Task.Factory.StartNew(() => origin.TakeIn(message, fetch.Leader.Route, writer), CancellationToken.None, TaskCreationOptions.PreferFairness | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
            if (outcome is FetchOutcome.Stored && !writer.Content.IsRetained) RememberLarge(uri, fetch); // it outgrew the store
        }
        catch (Exception broken) when (!fetch.IsDecided)
        {
            logger.FetchBroke(uri, broken);
            fetch.Decide(new FetchOutcome.Failed(new OriginError(OriginFault.Internal)));
        }
        finally
        {
            await AllHaveLeft(fetch).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            underWay.Remove(uri, fetch);
            fetch.End();
        }
    }

    // Who waits leaves for certain, unless its activation is lost with it; who has gone with a ticket may never come back.
    private Task AllHaveLeft(Fetch fetch)
    {
        var left = fetch.AllHaveLeft();
        return left.IsCompleted || (TaskScheduler.Current == TaskScheduler.Default && fetch.Interims.IsEmpty) ? left : left.WaitAsync(TicketLasts, clock);
    }

    /// <summary>RFC 9111 §4.3.1: the leader's request without its own preconditions and ranges, with validators of what is stored.</summary>
    private static RequestHead RequestOf(Fetch fetch)
    {
        var plain = ValidationRequest.WithoutRange(ValidationRequest.WithoutPreconditions(fetch.Leader.Presented.Fields));
        if (fetch.Part is { } part) plain = part.Onto(plain);
        var fields = fetch.Offer.IsEmpty ? plain : ValidationRequest.Conditionalise(plain, fetch.Offer.Responses);
        return ReferenceEquals(fields, fetch.Leader.Presented.Fields) ? fetch.Leader.Presented : fetch.Leader.Presented with { Fields = fields };
    }

    private (FetchOutcome, ContentWriter?) Settle(string uri, Fetch fetch, OriginReply reply)
    {
        var tags = ImmutableArray<string>.Empty;
        if (reply is OriginReply.Responded { Head: var head } tagged) (reply, tags) = Untagged(fetch, tagged, head);
        switch (reply)
        {
            case OriginReply.Failed failed:
                logger.FetchFailed(uri, failed.Error.Token);
                return (new FetchOutcome.Failed(failed.Error), null);
            case OriginReply.Responded { Head.Status: 304 } notModified:
                notModified.Message.Dispose();
                return (Freshen(uri, fetch, notModified, tags), null);
            case OriginReply.Responded { Head.Status: 206 } ranged when fetch.Part is not null:
                return parts.Take(uri, fetch, ranged, tags);
            case OriginReply.Responded { Head.Status: 416 } unsatisfiable when fetch.Part is not null: // says nothing about the URL
                return Unstored(unsatisfiable, ContentLength.Of(fetch.Leader.Presented.Method, unsatisfiable.Head), "unsatisfiable-range");
            case OriginReply.Responded responded:
                if (fetch.Part is not null && responded.Head.Status == 200) ranges.RememberIgnored(uri);
                return Take(uri, fetch, responded, tags);
            default:
                throw new InvalidOperationException($"{reply.GetType().Name} is not an origin's reply.");
        }
    }

    // Surrogate keys are for us alone, unless they are to be passed on: they go no further than here.
    private (OriginReply.Responded, ImmutableArray<string>) Untagged(Fetch fetch, OriginReply.Responded reply, ResponseHead head)
    {
        var rules = RulesOf(fetch);
        var tags = CacheGroups.Tags(head.Fields, rules.SurrogateKeyFields);
        if (rules.PassSurrogateKeys) return (reply, tags);
        return (reply with { Head = head with { Fields = CacheGroups.WithoutTags(head.Fields, rules.SurrogateKeyFields) } }, tags);
    }

    private FetchOutcome Freshen(string uri, Fetch fetch, OriginReply.Responded reply, ImmutableArray<string> tags)
    {
        if (!fetch.Offer.Variants.Any(static offered => offered.Response.HasValidator)) return new FetchOutcome.Failed(new OriginError(OriginFault.Malformed, "unasked-not-modified"));
        var isTelling = !fetch.Offer.IsWide || reply.Head.Fields.Has(FieldNames.ETag);
        var chosen = isTelling ? NotModified.Selected(reply.Head, fetch.Offer.Responses) : -1;
        var old = chosen < 0 ? fetch.Offer.Selected : fetch.Offer.Variants[chosen];
        if (chosen >= 0)
        {
            var response = old!.Response.Freshened(reply.Head, reply.RequestTime, reply.ResponseTime, RulesOf(fetch).Freshness, fetch.Leader.Presented);
            var freshened = Freshened(uri, fetch, old, response, reply, tags);
            // One that was invalidated since is no longer there to be replaced, or is another.
            if (response.MayBeKept && !fetch.IsOutdated && !old.IsInvalidated(epochs) && !freshened.IsInvalidated(epochs) && store.Replace(uri, old, freshened))
            {
                logger.ResponseFreshened(uri, response.Lifetime.Value);
                FreshenTwins(uri, fetch, freshened, reply, tags);
                return new FetchOutcome.Freshened(freshened, reply.Head);
            }
        }

        // Of several that were offered none is known to be wrong when the 304 does not say which it means; nor is one that only became stale while it was asked about.
        if (old is not null && !(fetch.IsOutdated && chosen >= 0) && (chosen >= 0 || !fetch.Offer.IsWide)) store.Remove(uri, old);
        return new FetchOutcome.Unusable();
    }

    private static StoredVariant Freshened(string uri, Fetch fetch, StoredVariant old, StoredResponse response, OriginReply.Responded reply, ImmutableArray<string> tags) => old with
    {
        Response = response,
        ReceivedTimestamp = reply.Received,
        Membership = Membership.Freshened(old.Membership, CacheGroups.Of(uri, response.Head.Fields), tags, fetch.Invalidations),
        IsOutdated = false,
    };

    /// <summary>RFC 9111 §4.3.4: every stored response with the same strong validator is identified by the 304, not only the one that is served.</summary>
    private void FreshenTwins(string uri, Fetch fetch, StoredVariant freshened, OriginReply.Responded reply, ImmutableArray<string> tags)
    {
        if (EntityTag.Of(reply.Head.Fields) is not { IsWeak: false } tag) return;
        var twins = store.Find(uri);
        if (fetch.IsOutdated) return; // asked after they were read: one that is outdated later is not there any more to be replaced
        foreach (var twin in twins)
        {
            if (ReferenceEquals(twin, freshened) || twin.IsInvalidated(epochs) || twin.Response.EntityTag is not { } known || !known.IsStrongly(tag)) continue;
            if (fetch.Leader.Presented.Fields.Has(FieldNames.Authorization) && !twin.Response.CacheControl.AllowsAuthorized) continue; // §3.5
            var response = twin.Response.Freshened(reply.Head, reply.RequestTime, reply.ResponseTime, RulesOf(fetch).Freshness);
            if (response.MayBeKept) store.Replace(uri, twin, Freshened(uri, fetch, twin, response, reply, tags));
            else store.Remove(uri, twin);
        }
    }

    private (FetchOutcome, ContentWriter) Take(string uri, Fetch fetch, OriginReply.Responded reply, ImmutableArray<string> tags)
    {
        var length = ContentLength.Of(fetch.Leader.Presented.Method, reply.Head);
        var why = Storability.WhyNot(fetch.Leader.Presented, reply.Head, RulesOf(fetch).Storability);
        if (IsServerError(reply.Head.Status) && fetch.Offer.Selected is { } selected && (why is not null || MayStandIn(fetch, selected)))
        {
            var windowed = store.CreateWindowed(length);
            return (new FetchOutcome.ServerError(reply.Head, windowed.Content), windowed);
        }

        return why is { } reason ? Pass(uri, fetch, reply, length, reason) : Store(uri, fetch, reply, length, tags);
    }

    private (FetchOutcome, ContentWriter) Pass(string uri, Fetch fetch, OriginReply.Responded reply, long? length, NotStored reason)
    {
        logger.ResponseNotStored(uri, reason);
        // A server error passes; what the client's own request forbade says nothing about the URL.
        if (reply.Head.Status < 500 && reason is not NotStored.ForbiddenByRequest)
        {
            Remember(uri, fetch);
            if (fetch.Offer.Selected is { } replaced) store.Remove(uri, replaced);
        }

        return Unstored(reply, length, reason.Word());
    }

    private (FetchOutcome, ContentWriter) Unstored(OriginReply.Responded reply, long? length, string why)
    {
        var writer = store.CreateWindowed(length);
        return (new FetchOutcome.Unstored(reply.Head, writer.Content, why), writer);
    }

    private (FetchOutcome, ContentWriter) Store(string uri, Fetch fetch, OriginReply.Responded reply, long? length, ImmutableArray<string> tags)
    {
        var writer = store.CreateContent(length);
        var response = StoredResponse.Of(texts.Of(fetch.Leader.Presented, uri), texts.Of(reply.Head), reply.RequestTime, reply.ResponseTime, RulesOf(fetch).Freshness);
        var variant = new StoredVariant(response, writer.Content, reply.Received)
        {
            Membership = Membership.Of(CacheGroups.Of(uri, response.Head.Fields), tags, fetch.Invalidations),
            EarlyHints = RulesOf(fetch).RememberEarlyHints ? fetch.Interims.RemoveAll(static head => head.Status != 103) : [],
        };
        switch (store.Put(uri, variant, old => Selection.SameVariant(old.Response, response) || old == fetch.Offer.Selected, () => IsOutdated(fetch, variant)))
        {
            case PutOutcome.Stored:
                logger.ResponseStored(uri, response.Lifetime.Value);
                return (new FetchOutcome.Stored(variant, reply.Head, IsKept: true), writer);
            case PutOutcome.Refused { Why: PutRefusal.Outdated }: // for those who wait, as everything that is stored
                return (new FetchOutcome.Stored(variant, reply.Head, IsKept: false), writer);
            default:
                RememberLarge(uri, fetch);
                return (new FetchOutcome.Unstored(reply.Head, writer.Content, "too-large"), writer);
        }
    }

    // An invalidation outdates fetches before it looks at what is stored, and the store asks this under its lock: so nothing is found after one that was told, not for a moment (P2).
    private bool IsOutdated(Fetch fetch, StoredVariant variant) => fetch.IsOutdated || variant.In(epochs) != Standing.Current;

    private void Remember(string uri, Fetch fetch) => passes.Remember(uri, fetch.Leader.Presented.Fields.Has(FieldNames.Authorization));

    private void RememberLarge(string uri, Fetch fetch)
    {
        Remember(uri, fetch);
        ranges.RememberLarge(uri);
    }

    private ResourceOptions RulesOf(Fetch fetch) => fetch.Rules ??= options().For(fetch.Leader.Route, fetch.Leader.Presented);

    private bool MayStandIn(Fetch fetch, StoredVariant selected) => StaleOnError.Allows(
        fetch.Leader.Presented, selected.Response, Choice.Resident(selected, clock), OriginTrouble.ServerError, options().ReuseFor(fetch.Leader.Route));

    private static bool IsServerError(int status) => status is 500 or 502 or 503 or 504;
}
