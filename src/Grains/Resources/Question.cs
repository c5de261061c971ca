using Granary.Grains.Origin;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;

namespace Granary.Grains.Resources;

/// <summary>A request presented by an edge to the owner of its target URI.</summary>
[GenerateSerializer, Immutable, Alias("granary.Question")]
public sealed record Question
{
    /// <summary>The presented request, ready to be forwarded: hop-by-hop fields removed, Via and forwarding fields added.</summary>
    [Id(0)] public required RequestHead Presented { get; init; }

    /// <summary>Where the origin is, should it have to be asked.</summary>
    [Id(1)] public required OriginRoute Route { get; init; }

    /// <summary>Whether the client can be sent interim responses (RFC 9110 §15.2).</summary>
    [Id(2)] public bool WantsInterims { get; init; }

    /// <summary>Where this question stands already, when the edge comes back after interim responses; else null.</summary>
    [Id(3)] public Ticket? Ticket { get; init; }

    /// <summary>The asker is in another process: it wants a sign of life while it waits (<see cref="Answer.Pending"/>).</summary>
    [Id(4)] public bool WantsPulse { get; init; }

    /// <summary>The id of the answer that was pending, when the edge comes back for it; else null.</summary>
    [Id(5)] public long? Pending { get; init; }
}

/// <summary>The place of a question at a fetch under way.</summary>
/// <param name="FetchId">The fetch it waits for.</param>
/// <param name="Leads">The fetch was begun for this question: a response that is not stored belongs to it.</param>
/// <param name="Asked">The newest fetch when it was asked first.</param>
/// <param name="InterimsSeen">How many interim responses of the fetch the edge has sent on.</param>
[GenerateSerializer, Immutable, Alias("granary.Ticket")]
public sealed record Ticket(
    [property: Id(0)] long FetchId,
    [property: Id(1)] bool Leads,
    [property: Id(2)] long Asked,
    [property: Id(3)] int InterimsSeen)
{
    /// <summary>Why the request went forward when it was asked first: meanwhile its own fetch may have changed what is stored.</summary>
    [Id(4)] public ForwardReason? Why { get; init; }
}
