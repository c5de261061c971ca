using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Origin;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Invalidation;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;
using Granary.Semantics.Selection;
using Granary.Semantics.Storability;
using Granary.Semantics.Validation;

namespace Granary.Grains.Resources.Partial;

/// <summary>
/// What becomes of a 206 that was asked for (RFC 9111 §3.3, §3.4):
/// (1) is it the part it says it is  (2) may it be stored  (3) lay its head over that of the parts it belongs to  (4) store it in the place of what it outdates.
/// </summary>
internal sealed class PartStoring(ResponseStore store, PassMemory passes, Func<ResourceOptions> options, GroupEpochs epochs, ILogger<PartStoring> logger)
{
    public (FetchOutcome, ContentWriter) Take(string uri, Fetch fetch, OriginReply.Responded reply, ImmutableArray<string> tags)
    {
        var framed = ContentLength.Of(fetch.Leader.Presented.Method, reply.Head);
        if (PartialContent.WhyNot(reply.Head, framed, fetch.Part!.Range, out var part) is { } no)                           // (1)
        {
            logger.PartNotTaken(uri, no);
            return Unstored(uri, fetch, reply, framed, no == NotAPart.NoContentRange ? "multipart" : "wrong-range");
        }

        var complete = part.AsComplete(reply.Head);
        if (fetch.Part.Holds is not null && StrongValidator.Of(complete.Fields) is null) return Unstored(uri, fetch, reply, framed, "no-validator");
        var why = Storability.WhyNot(fetch.Leader.Presented, complete, RulesOf(fetch).Storability);                              // (2)
        if (why is { } reason) logger.ResponseNotStored(uri, reason);
        if (why is not null and not NotStored.ForbiddenByRequest) Forget(uri, fetch);
        var (response, older) = HeadOf(uri, fetch, reply, part, complete);                                                  // (3)
        var member = Membership.Freshened(older?.Membership, CacheGroups.Of(uri, response.Head.Fields), tags, fetch.Invalidations);
        var mayStay = why is null && !IsOutdated(uri, fetch, member);
        return mayStay ? Store(uri, fetch, reply, part, response, member) : ForLeader(reply, part, response);
    }

    private (FetchOutcome, ContentWriter) Store(string uri, Fetch fetch, OriginReply.Responded reply, PartialContent part, StoredResponse response, Membership member)
    {
        var writer = store.CreateContent(part.Range.Length);
        var isWhole = part.Range.Length == part.CompleteLength && writer.Content.IsRetained;
        var variant = new StoredVariant(response, writer.Content, reply.Received) { Part = isWhole ? null : PositionOf(part), Membership = member };
        var isKept = store.Put(uri, variant, old => isWhole ? Selection.SameVariant(old.Response, response) : Outdates(part, response, old), () => IsOutdated(uri, fetch, member)) is PutOutcome.Stored; // (4)
        if (isWhole) return (new FetchOutcome.Stored(variant, response.Head, isKept), writer);
        if (isKept) logger.PartStored(uri, part.Range.First, part.Range.Last, part.CompleteLength);
        return (new FetchOutcome.Part(variant, isKept), writer);
    }

    private bool IsOutdated(string uri, Fetch fetch, Membership member) => fetch.IsOutdated || member.In(epochs, uri) != Standing.Current;

    private (FetchOutcome, ContentWriter) ForLeader(OriginReply.Responded reply, PartialContent part, StoredResponse response)
    {
        var writer = store.CreateWindowed(part.Range.Length);
        return (new FetchOutcome.Part(new StoredVariant(response, writer.Content, reply.Received) { Part = PositionOf(part) }, IsKept: false), writer);
    }

    private (FetchOutcome, ContentWriter) Unstored(string uri, Fetch fetch, OriginReply.Responded reply, long? framed, string why)
    {
        if (fetch.Offer.Selected is { } offered) store.Remove(uri, offered);
        var writer = store.CreateWindowed(framed);
        return (new FetchOutcome.Unstored(reply.Head, writer.Content, why), writer);
    }

    // The origin says now that this is not for the cache: what it said before holds no longer.
    private void Forget(string uri, Fetch fetch)
    {
        passes.Remember(uri, fetch.Leader.Presented.Fields.Has(Semantics.Fields.FieldNames.Authorization));
        if (fetch.Offer.Selected is { } offered) store.Remove(uri, offered);
    }

    // RFC 9111 §3.4, §3.2: the newer fields replace the older of the same name; a 206 to If-Range leaves out what has not changed.
    private (StoredResponse, StoredVariant? Older) HeadOf(string uri, Fetch fetch, OriginReply.Responded reply, PartialContent part, ResponseHead complete)
    {
        var presented = fetch.Leader.Presented;
        var fresh = StoredResponse.Of(presented, complete, reply.RequestTime, reply.ResponseTime, RulesOf(fetch).Freshness);
        var older = PartSet.NewestOf(store.FindParts(uri).Where(old => !old.IsInvalidated(epochs) && IsOneWith(part, fresh, old)).ToImmutableArray());
        return (older?.Response.Freshened(complete, reply.RequestTime, reply.ResponseTime, RulesOf(fetch).Freshness, presented) ?? fresh, older);
    }

    private ResourceOptions RulesOf(Fetch fetch) => options().For(fetch.Leader.Route, fetch.Leader.Presented);

    private static bool Outdates(PartialContent part, StoredResponse response, StoredVariant old)
    {
        if (old.Part is not { } position || !Selection.SameVariant(old.Response, response)) return false;
        if (position.First >= part.Range.First && position.First + old.Content.Length <= part.Range.Last + 1) return true;
        var isUnproven = old.Response.StrongValidator is null && response.StrongValidator is null;
        return !isUnproven && !IsOneWith(part, response, old);
    }

    private static bool IsOneWith(PartialContent part, StoredResponse response, StoredVariant old) =>
        old.Part is { } position && position.CompleteLength == part.CompleteLength
        && Selection.SameVariant(old.Response, response) && StrongValidator.AreShared(old.Response, response);

    private static PartPosition PositionOf(PartialContent part) => new(part.Range.First, part.CompleteLength);
}
