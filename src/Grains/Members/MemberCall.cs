using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Explaining;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Resources;

namespace Granary.Grains.Members;

/// <summary>What an edge asks a silo directly, over its content port, when Orleans does not get through: no gateway lies between. What comes back is named with each.</summary>
[GenerateSerializer, Immutable, Alias("granary.MemberCall")]
public abstract record MemberCall
{
    private MemberCall()
    {
    }

    /// <summary>Answered with an <see cref="Answer"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.Ask")]
    public sealed record Ask([property: Id(0)] string Uri, [property: Id(1)] Question Question) : MemberCall;

    /// <summary>Answered with the number of responses removed.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.Invalidate")]
    public sealed record Invalidate([property: Id(0)] string Uri) : MemberCall;

    /// <summary>Answered with zero.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.InvalidateGroups")]
    public sealed record InvalidateGroups([property: Id(0)] ImmutableArray<string> Groups) : MemberCall;

    /// <summary>Answered with the number of responses hit.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.InvalidateUris")]
    public sealed record InvalidateUris([property: Id(0)] ImmutableArray<string> Uris, [property: Id(1)] bool IsSoft) : MemberCall;

    /// <summary>Answered with zero.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.InvalidateScope")]
    public sealed record InvalidateScope([property: Id(0)] Scope Scope, [property: Id(1)] bool IsSoft) : MemberCall;

    /// <summary>Answered with a <see cref="MemberReply.Members"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.WhoIsThere")]
    public sealed record WhoIsThere : MemberCall;

    /// <summary>
    /// The line between an edge and this silo (decision 0009): renews the session, acknowledges what was heard, and waits for what is to be recalled; about a second at most.
    /// Answered with a <see cref="MemberReply.Heard"/>.
    /// </summary>
    /// <param name="Edge">Names the process, not the machine: another one after each start.</param>
    /// <param name="Session">As the last answer said; 0 at first.</param>
    /// <param name="Acknowledged">The last recall of that session that was heard: what it recalls is no longer reused.</param>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.Listen")]
    public sealed record Listen([property: Id(0)] string Edge, [property: Id(1)] long Session, [property: Id(2)] long Acknowledged) : MemberCall
    {
        /// <summary>For eviction and copies at the owner.</summary>
        [Id(3)] public ImmutableArray<LeaseUse> Uses { get; init; } = [];

        /// <summary>The last word of an edge that stops: it holds nothing of that session any more.</summary>
        [Id(4)] public bool IsLast { get; init; }
    }

    /// <summary>The edge asks to hold what is stored of the URI. Answered with a <see cref="MemberReply.Leased"/> or a <see cref="MemberReply.NotLeased"/>.</summary>
    /// <param name="Known">The contents (<see cref="StoredCopy.Source"/>) that it has already: they are not sent again.</param>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.Lease")]
    public sealed record Lease(
        [property: Id(0)] string Edge, [property: Id(1)] long Session, [property: Id(2)] string Uri, [property: Id(3)] ImmutableArray<CopySource> Known) : MemberCall;

    /// <summary>What is known of these keys. Answered with a <see cref="MemberReply.Explained"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.Explain")]
    public sealed record Explain([property: Id(0)] ImmutableArray<string> Uris) : MemberCall;

    /// <summary>How the silo is. Answered with a <see cref="MemberReply.Reported"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberCall.Report")]
    public sealed record Report : MemberCall;
}

/// <summary>What a silo says to a <see cref="MemberCall"/>.</summary>
[GenerateSerializer, Immutable, Alias("granary.MemberReply")]
public abstract record MemberReply
{
    private MemberReply()
    {
    }

    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Answered")]
    public sealed record Answered([property: Id(0)] Answer Answer) : MemberReply;

    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Removed")]
    public sealed record Removed([property: Id(0)] int Count) : MemberReply
    {
        /// <summary>As in <see cref="Purged"/>.</summary>
        [Id(1)] public ImmutableArray<string> Fenced { get; init; } = [];
    }

    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Members")]
    public sealed record Members([property: Id(0)] ImmutableArray<Member> All) : MemberReply;

    /// <param name="Session">Another one than was asked with: the edge holds nothing in it.</param>
    /// <param name="Last">Counts recalls of this session; to be acknowledged.</param>
    /// <param name="Recalls">All since the one that was acknowledged, in order.</param>
    /// <param name="Duration">
    /// How long the session lasts: counted by the edge from before it asked. Zero: there is none now, since leases are off (the session is 0 then) or the silo leaves: the next poll, with the new number, says
    /// that nothing is held any more.
    /// </param>
    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Heard")]
    public sealed record Heard(
        [property: Id(0)] long Session, [property: Id(1)] long Last, [property: Id(2)] ImmutableArray<Recall> Recalls, [property: Id(3)] TimeSpan Duration) : MemberReply
    {
        /// <summary>Who this is in the membership table, the key of its row: address and generation. The edge trusts the session only as long as it reads there that this silo is active.</summary>
        [Id(4)] public string? Silo { get; init; }

        /// <summary>The duration ends with what this silo knows of itself (decision 0012): the edge need not look at the membership table.</summary>
        [Id(5)] public bool IsMandated { get; init; }
    }

    /// <summary>All whole responses that are stored of the URI.</summary>
    /// <param name="Session">The one that it is granted in: of no use to the edge if that is over.</param>
    /// <param name="HeldFor">Counted by the edge from before it asked.</param>
    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Leased")]
    public sealed record Leased(
        [property: Id(0)] long Session, [property: Id(1)] ImmutableArray<StoredCopy> Copies, [property: Id(2)] TimeSpan HeldFor) : MemberReply;

    /// <param name="Why">A word for logs and counters: <c>not-owner</c>, <c>nothing-fresh</c>, <c>parts</c>, <c>too-many</c>, <c>no-session</c>, <c>leaving</c>, <c>doubt</c>, <c>off</c>.</param>
    [GenerateSerializer, Immutable, Alias("granary.MemberReply.NotLeased")]
    public sealed record NotLeased([property: Id(0)] string Why) : MemberReply;

    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Explained")]
    public sealed record Explained([property: Id(0)] Explanation Explanation) : MemberReply;

    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Reported")]
    public sealed record Reported([property: Id(0)] SiloReport Report) : MemberReply;

    /// <summary>Not now: another silo may.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Unable")]
    public sealed record Unable : MemberReply;
}
