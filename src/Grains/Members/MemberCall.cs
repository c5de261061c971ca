using System.Collections.Immutable;
using Granary.Grains.Groups;
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
    public sealed record Removed([property: Id(0)] int Count) : MemberReply;

    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Members")]
    public sealed record Members([property: Id(0)] ImmutableArray<Member> All) : MemberReply;

    /// <summary>Not now: another silo may.</summary>
    [GenerateSerializer, Immutable, Alias("granary.MemberReply.Unable")]
    public sealed record Unable : MemberReply;
}
