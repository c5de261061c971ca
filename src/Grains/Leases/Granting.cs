using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Grains.Leases;

/// <summary>Lets an edge hold what is stored of a URI, or says why not: (1) list the edge as a holder  (2) read what there is  (3) say so, unless this silo was away.</summary>
/// <remarks>
/// <para><b>Guaranteed.</b> When a silo has acknowledged an invalidation, no edge reuses what that silo granted of before, nor takes it from a grant that is still on its way (P2).</para>
/// <para>
/// <b>How.</b> An invalidation (a) is applied here: from then on nothing that it hits is read from the store as fit for use, (b) is put among the recalls of each session that is listed as a
/// holder, or holds anything, and (c) is acknowledged when those sessions have acknowledged or have run out. Listing and (b) take the same lock. Now let (b) come
/// </para>
/// <list type="bullet">
/// <item>after (1): the session is listed, so it is recalled. The edge asked before it heard the recall, and takes no grant of a URI when a recall of it came after it asked; what has a number it
/// compares with the number at which the response's fetch began. If it no longer listens, its session runs out first, and it takes a grant only into the session in which it asked.</item>
/// <item>before (1): so (a) was before (1), and (2) reads nothing that is hit.</item>
/// </list>
/// <para>That is why nothing may be read before the edge is listed, nor be recalled before it is applied.</para>
/// </remarks>
internal sealed class Granting(
    Sessions sessions, LeaseOptions options, IFellowship fellowship, ResponseStore store, Judging judging, GroupEpochs epochs, CopyWriting copies, Presence presence, TimeProvider clock,
    LeaseMeter meter, ILogger<Granting> logger)
{
    /// <summary>What is fresh for a shorter time is not worth the messages.</summary>
    private static readonly TimeSpan LeastFreshness = TimeSpan.FromSeconds(1);

    private const int MostVariants = 32;

    public MemberReply Grant(MemberCall.Lease call)
    {
        var reply = Decide(call);
        var why = (reply as MemberReply.NotLeased)?.Why;
        if (why is null) meter.Granted();
        else meter.Refused(why);
        logger.LeaseAnswered(call.Uri, call.Edge, why ?? "granted");
        return reply;
    }

    private MemberReply Decide(MemberCall.Lease call)
    {
        if (!options.AreOn) return No("off");
        if (sessions.IsLeaving) return No("leaving");
        if (fellowship.Ranked(call.Uri) is not [var owner, ..] || !fellowship.IsSelf(owner)) return No("not-owner");
        if (sessions.Of(call.Edge) is not { } session || !session.TryHold(call.Session)) return No("no-session");
        if (!sessions.Holdings.TryList(call.Uri, session)) return No("too-many");                                                          // (1)
        var variants = Current(call.Uri);                                                                                                  // (2)
        if (WhyNot(call.Uri, variants) is { } why) return No(why);
        var known = call.Known.IsDefault ? [] : call.Known;
        ImmutableArray<StoredCopy> leased = [.. variants.Select(variant => copies.Leased(call.Uri, variant, known))];
        return presence.IsDoubtful ? No("doubt") : new MemberReply.Leased(call.Session, leased, LeaseOptions.HeldFor);                       // (3)
    }

    // Does not count as an access: the edge says how often it used what it holds.
    private ImmutableArray<StoredVariant> Current(string uri)
    {
        var variants = Whole(uri);
        return judging.Apply(uri, variants) ? judging.Current(Whole(uri)) : variants;
    }

    private ImmutableArray<StoredVariant> Whole(string uri) => [.. store.Peek(uri).Where(static variant => variant.Part is null)];

    private string? WhyNot(string uri, ImmutableArray<StoredVariant> variants)
    {
        if (store.Peek(uri).Any(variant => variant.Part is not null && !variant.IsInvalidated(epochs))) return "parts";
        if (variants.Length > MostVariants) return "too-many";
        return variants.All(static variant => variant is { IsOutdated: false, Content: { State: ContentState.Complete, IsRetained: true } }) && variants.Any(IsFresh) ? null : "nothing-fresh";
    }

    private bool IsFresh(StoredVariant variant) =>
        !variant.Response.CacheControl.RequiresValidation && variant.Response.Lifetime.Value - variant.Response.AgeAfter(Choice.Resident(variant, clock)) > LeastFreshness;

    private static MemberReply.NotLeased No(string why) => new(why);
}
