using System.Collections.Immutable;
using Granary.Grains.Origin;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;
using Granary.Semantics.Storability;
using Granary.Semantics.Validation;

namespace Granary.Grains.Resources;

/// <summary>
/// Conducts a fetch from beginning to end, in the turns of the grain that owns the URI:
/// (1) ask the origin  (2) decide by the head: stored, freshened, for the leader alone, failed  (3) free all who wait  (4) take in the content. A content that breaks takes its stored response out of the store by itself.
/// </summary>
internal sealed class Fetcher(
    OriginClient origin, ResponseStore store, FetchesUnderWay underWay, PassMemory passes, Func<ResourceOptions> options, TimeProvider clock,
    ILogger<Fetcher> logger)
{
    /// <summary>How long an ended fetch stays listed for those who took interim responses to their clients and will come back for the rest.</summary>
    private static readonly TimeSpan TicketLasts = TimeSpan.FromSeconds(30);

    /// <summary>Begins a fetch; it is listed as under way before this returns.</summary>
    public Fetch Begin(string uri, Question leader, ImmutableArray<StoredVariant> offered, bool hasLeader)
    {
        var fetch = new Fetch(leader, offered, hasLeader);
        underWay.Add(uri, fetch);
        _ = Conduct(uri, fetch);
        return fetch;
    }

    private async Task Conduct(string uri, Fetch fetch)
    {
        try
        {
            var reply = await origin.Ask(RequestOf(fetch), fetch.Leader.Route, fetch.Interim); // (1)
            var (outcome, writer) = Settle(uri, fetch, reply);                                  // (2)
            fetch.Decide(outcome);                                                              // (3)
            if (writer is null) return;
            if (!fetch.HasLeader && outcome is FetchOutcome.Unstored or FetchOutcome.ServerError) writer.Content.Abandon();
            var message = ((OriginReply.Responded)reply).Message;
            await Task.Run(() => origin.TakeIn(message, writer));                               // (4), outside the grain's turns
            if (outcome is FetchOutcome.Stored && !writer.Content.IsRetained) Remember(uri, fetch); // it outgrew the store
        }
        catch (Exception broken) when (!fetch.IsDecided)
        {
            logger.FetchBroke(uri, broken);
            fetch.Decide(new FetchOutcome.Failed(new OriginError(OriginFault.Internal)));
        }
        finally
        {
            await fetch.AllHaveLeft().WaitAsync(TicketLasts, clock).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            underWay.Remove(uri, fetch);
        }
    }

    /// <summary>RFC 9111 §4.3.1: the leader's request without its own preconditions and ranges, with validators of what is stored.</summary>
    private static RequestHead RequestOf(Fetch fetch)
    {
        var plain = ValidationRequest.WithoutRange(ValidationRequest.WithoutPreconditions(fetch.Leader.Presented.Fields));
        var fields = fetch.Offered.IsEmpty ? plain : ValidationRequest.Conditionalise(plain, Responses(fetch.Offered));
        return fetch.Leader.Presented with { Fields = fields };
    }

    private (FetchOutcome, ContentWriter?) Settle(string uri, Fetch fetch, OriginReply reply)
    {
        switch (reply)
        {
            case OriginReply.Failed failed:
                logger.FetchFailed(uri, failed.Error.Token);
                return (new FetchOutcome.Failed(failed.Error), null);
            case OriginReply.Responded { Head.Status: 304 } notModified:
                notModified.Message.Dispose();
                return (Freshen(uri, fetch, notModified), null);
            case OriginReply.Responded responded:
                return Take(uri, fetch, responded);
            default:
                throw new InvalidOperationException($"{reply.GetType().Name} is not an origin's reply.");
        }
    }

    private FetchOutcome Freshen(string uri, Fetch fetch, OriginReply.Responded reply)
    {
        if (!fetch.Offered.Any(static offered => offered.Response.HasValidator)) return new FetchOutcome.Failed(new OriginError(OriginFault.Malformed, "unasked-not-modified"));
        var chosen = NotModified.Selected(reply.Head, Responses(fetch.Offered));
        if (chosen >= 0)
        {
            var old = fetch.Offered[chosen];
            var response = old.Response.Freshened(reply.Head, reply.RequestTime, reply.ResponseTime, options().Freshness, fetch.Leader.Presented);
            var freshened = old with { Response = response, ReceivedTimestamp = reply.Received };
            if (response.MayBeKept && !fetch.IsOutdated && store.Replace(uri, old, freshened) && StaysIn(uri, fetch, freshened))
            {
                logger.ResponseFreshened(uri, response.Lifetime.Value);
                return new FetchOutcome.Freshened(freshened, reply.Head);
            }
        }

        foreach (var useless in fetch.Offered) store.Remove(uri, useless);
        return new FetchOutcome.Unusable();
    }

    private (FetchOutcome, ContentWriter) Take(string uri, Fetch fetch, OriginReply.Responded reply)
    {
        var length = ContentLength.Of(fetch.Leader.Presented.Method, reply.Head);
        var why = Storability.WhyNot(fetch.Leader.Presented, reply.Head, options().Storability);
        if (IsServerError(reply.Head.Status) && !fetch.Offered.IsEmpty && (why is not null || MayStandIn(fetch)))
        {
            var windowed = store.CreateWindowed(length);
            return (new FetchOutcome.ServerError(reply.Head, windowed.Content), windowed);
        }

        return why is { } reason ? Pass(uri, fetch, reply, length, reason) : Store(uri, fetch, reply, length);
    }

    private (FetchOutcome, ContentWriter) Pass(string uri, Fetch fetch, OriginReply.Responded reply, long? length, NotStored reason)
    {
        logger.ResponseNotStored(uri, reason);
        // A server error passes; what the client's own request forbade says nothing about the URL.
        if (reply.Head.Status < 500 && reason is not NotStored.ForbiddenByRequest)
        {
            Remember(uri, fetch);
            foreach (var replaced in fetch.Offered) store.Remove(uri, replaced);
        }

        return Unstored(reply, length, reason.Word());
    }

    private (FetchOutcome, ContentWriter) Unstored(OriginReply.Responded reply, long? length, string why)
    {
        var writer = store.CreateWindowed(length);
        return (new FetchOutcome.Unstored(reply.Head, writer.Content, why), writer);
    }

    private (FetchOutcome, ContentWriter) Store(string uri, Fetch fetch, OriginReply.Responded reply, long? length)
    {
        var writer = store.CreateContent(length);
        var response = StoredResponse.Of(fetch.Leader.Presented, reply.Head, reply.RequestTime, reply.ResponseTime, options().Freshness);
        var variant = new StoredVariant(response, writer.Content, reply.Received);
        if (fetch.IsOutdated && writer.Content.IsRetained) return (new FetchOutcome.Stored(variant, reply.Head, IsKept: false), writer);
        if (store.Put(uri, variant, old => Selection.SameVariant(old.Response, response) || fetch.Offered.Contains(old)) is not PutOutcome.Stored)
        {
            Remember(uri, fetch);
            return (new FetchOutcome.Unstored(reply.Head, writer.Content, "too-large"), writer);
        }

        logger.ResponseStored(uri, response.Lifetime.Value);
        return (new FetchOutcome.Stored(variant, reply.Head, StaysIn(uri, fetch, variant)), writer);
    }

    // The turns of one activation exclude an invalidation here; those of another, come up after the first was lost, do not. An
    // invalidation outdates fetches before it removes, so one of the two takes the response out (P2).
    private bool StaysIn(string uri, Fetch fetch, StoredVariant variant)
    {
        if (fetch.IsOutdated) store.Remove(uri, variant);
        return !fetch.IsOutdated;
    }

    private void Remember(string uri, Fetch fetch) => passes.Remember(uri, fetch.Leader.Presented.Fields.Has(FieldNames.Authorization));

    private bool MayStandIn(Fetch fetch) => fetch.Offered.Any(stored => StaleOnError.Allows(
        fetch.Leader.Presented, stored.Response, Choice.Resident(stored, clock), OriginTrouble.ServerError, options().Reuse));

    private static bool IsServerError(int status) => status is 500 or 502 or 503 or 504;

    private static ImmutableArray<StoredResponse> Responses(ImmutableArray<StoredVariant> variants) =>
        ImmutableArray.CreateRange(variants, static variant => variant.Response);
}
