using System.Collections.Immutable;
using Granary.Grains.Origin;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;

namespace Granary.Grains.Resources;

/// <summary>What the owner of a URI answers to a <see cref="Question"/>.</summary>
[GenerateSerializer, Immutable, Alias("granary.Answer")]
public abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>What the fetch for this answer has learned of the destinations it tried.</summary>
    [Id(0)] public ImmutableArray<DestinationReport> Learned { get; init; } = [];

    /// <summary>Deliver this head with that content. The content may still be arriving.</summary>
    /// <param name="CurrentAge">Replaces the Age field (RFC 9111 §5.1); null when the response comes straight from the origin.</param>
    [GenerateSerializer, Immutable, Alias("granary.Answer.Serve")]
    public sealed record Serve(
        [property: Id(0)] ResponseHead Head,
        [property: Id(1)] ContentAddress Content,
        [property: Id(2)] TimeSpan? CurrentAge,
        [property: Id(3)] CacheStatus Status) : Answer
    {
        /// <summary>Remembered 103s to send first (RFC 8297).</summary>
        [Id(4)] public ImmutableArray<ResponseHead> EarlyHints { get; init; } = [];

        /// <summary>The content itself, when it is small and whole and the asker is in another process; else null.</summary>
        [Id(5)] public InlineContent? Inline { get; init; }
    }

    /// <summary>Deliver this head, that of the whole, with what the request wants of these pieces. Each may still be arriving.</summary>
    /// <param name="Pieces">In order of their first bytes; they may overlap, and hold all that the request wants.</param>
    /// <param name="CurrentAge">As in <see cref="Serve"/>.</param>
    [GenerateSerializer, Immutable, Alias("granary.Answer.ServeParts")]
    public sealed record ServeParts(
        [property: Id(0)] ResponseHead Head,
        [property: Id(1)] ImmutableArray<Piece> Pieces,
        [property: Id(2)] long CompleteLength,
        [property: Id(3)] TimeSpan? CurrentAge,
        [property: Id(4)] CacheStatus Status) : Answer;

    /// <summary>The edge forwards the request itself and stores nothing.</summary>
    /// <param name="IsRemembered">The URL is remembered as not storable; tell it when it answers otherwise.</param>
    [GenerateSerializer, Immutable, Alias("granary.Answer.Pass")]
    public sealed record Pass(
        [property: Id(0)] ForwardReason Why,
        [property: Id(1)] string Detail,
        [property: Id(2)] bool IsRemembered = false) : Answer;

    /// <summary>The origin could not be asked, or did not answer as HTTP demands.</summary>
    [GenerateSerializer, Immutable, Alias("granary.Answer.Failed")]
    public sealed record Failed(
        [property: Id(0)] OriginError Error,
        [property: Id(1)] ForwardReason Why,
        [property: Id(2)] bool Collapsed) : Answer;

    /// <summary>only-if-cached, and nothing may be reused: 504 (RFC 9111 §5.2.1.7).</summary>
    [GenerateSerializer, Immutable, Alias("granary.Answer.OnlyIfCached")]
    public sealed record OnlyIfCached : Answer;

    /// <summary>Interim responses arrived before the final one: send them on, then ask again with this ticket.</summary>
    [GenerateSerializer, Immutable, Alias("granary.Answer.Interim")]
    public sealed record Interim(
        [property: Id(0)] Ticket Ticket,
        [property: Id(1)] ImmutableArray<ResponseHead> Heads) : Answer;

    /// <summary>Not yet: ask again with this id, at once. The owner lives and waits for the origin.</summary>
    [GenerateSerializer, Immutable, Alias("granary.Answer.Pending")]
    public sealed record Pending([property: Id(0)] long Id) : Answer;
}

/// <summary>Where content lies.</summary>
/// <param name="Id">The id of the content in that silo's store.</param>
/// <param name="Length">Complete length in bytes, null while it is not known.</param>
/// <param name="Endpoint">The content port of the silo that has it, with the key of that silo: <c>10.0.0.5:30001/key</c>. Null in one process: the store is at hand.</param>
[GenerateSerializer, Immutable, Alias("granary.ContentAddress")]
public readonly record struct ContentAddress([property: Id(0)] long Id, [property: Id(1)] long? Length, [property: Id(2)] string? Endpoint = null);

/// <summary>A part of a representation: its content lies there, and its first byte is this one of the whole.</summary>
[GenerateSerializer, Immutable, Alias("granary.Piece")]
public readonly record struct Piece([property: Id(0)] long First, [property: Id(1)] ContentAddress Content);
