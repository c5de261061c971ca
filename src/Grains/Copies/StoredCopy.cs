using System.Collections.Immutable;
using Granary.Grains.Resources;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;

namespace Granary.Grains.Copies;

/// <summary>
/// A stored response as one silo tells another of it. Its age travels as spans, never as points in time: what two clocks say at one moment is nothing to compare.
/// The content is read from where it lies. Wire shapes only grow.
/// </summary>
[GenerateSerializer, Immutable, Alias("granary.StoredCopy")]
public sealed record StoredCopy
{
    /// <summary>The key under which it is stored.</summary>
    [Id(0)] public required string Uri { get; init; }

    [Id(1)] public required string TargetUri { get; init; }

    [Id(2)] public required string Method { get; init; }

    [Id(3)] public required ResponseHead Head { get; init; }

    [Id(4)] public required FieldLines Nominated { get; init; }

    [Id(5)] public ImmutableArray<FieldLines> AlsoNominated { get; init; } = [];

    /// <summary>By the wall clock of the silo that received it: dates in the head are read by it, no age is.</summary>
    [Id(6)] public required DateTimeOffset ResponseTime { get; init; }

    /// <summary>corrected_initial_age of RFC 9111 §4.2.3.</summary>
    [Id(7)] public required TimeSpan InitialAge { get; init; }

    /// <summary>resident_time of RFC 9111 §4.2.3 when this was written: with the initial age it is the current age now.</summary>
    [Id(8)] public required TimeSpan Resident { get; init; }

    [Id(9)] public required TimeSpan Lifetime { get; init; }

    [Id(10)] public required LifetimeSource LifetimeSource { get; init; }

    [Id(11)] public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Position of its first byte and complete length, if it is a part (RFC 9111 §3.3).</summary>
    [Id(12)] public CopiedPart? Part { get; init; }

    [Id(13)] public CopiedMembership? Membership { get; init; }

    [Id(14)] public ImmutableArray<ResponseHead> EarlyHints { get; init; } = [];

    /// <summary>Where its content lies.</summary>
    [Id(15)] public required ContentAddress Content { get; init; }

    /// <summary>What that content is a copy of; itself where it was fetched.</summary>
    [Id(16)] public required CopySource Source { get; init; }

    /// <summary>How often it was asked for, as far as that was counted.</summary>
    [Id(17)] public int Asked { get; init; }

    /// <summary>CRC-32C of the content, once it is whole.</summary>
    [Id(18)] public uint? Checksum { get; init; }

    /// <summary>The content itself where it is small and whole, in the answer to a question; else null.</summary>
    [Id(19)] public byte[]? Inline { get; init; }

    /// <summary>A soft invalidation has made it stale.</summary>
    [Id(20)] public bool IsOutdated { get; init; }

    public TimeSpan CurrentAge => InitialAge + Resident;
}

/// <summary>Where the content of a part lies in the whole.</summary>
[GenerateSerializer, Immutable, Alias("granary.CopiedPart")]
public sealed record CopiedPart([property: Id(0)] long First, [property: Id(1)] long CompleteLength);
