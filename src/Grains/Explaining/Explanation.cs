using System.Collections.Immutable;
using Granary.Semantics.CacheStatus;

namespace Granary.Grains.Explaining;

/// <summary>What a cluster knows of a URI: where its keys belong, and what each silo asked says. Wire shapes only grow.</summary>
/// <param name="Silent">Names of silos that did not say what they know in time.</param>
[GenerateSerializer, Immutable, Alias("granary.Explanation")]
public sealed record Explanation(
    [property: Id(0)] ImmutableArray<ExplainedKey> Keys, [property: Id(1)] ImmutableArray<ExplainedPlace> Places, [property: Id(2)] ImmutableArray<string> Silent);

/// <summary>A cache key and whose it is; the second owner is the one on which it comes up when the first is lost. Null in one process.</summary>
[GenerateSerializer, Immutable, Alias("granary.ExplainedKey")]
public sealed record ExplainedKey([property: Id(0)] string Key, [property: Id(1)] string? Owner, [property: Id(2)] string? SecondOwner);

/// <summary>What one process knows.</summary>
/// <param name="Name">That of the silo, or of the edge.</param>
[GenerateSerializer, Immutable, Alias("granary.ExplainedPlace")]
public sealed record ExplainedPlace([property: Id(0)] string Name, [property: Id(1)] ImmutableArray<ExplainedResponse> Stored, [property: Id(2)] ImmutableArray<ExplainedDecision> Decisions)
{
    /// <summary>Edges that may hold leased copies of what is stored there.</summary>
    [Id(3)] public ImmutableArray<ExplainedLease> Leases { get; init; } = [];

    /// <summary>Fetches of it that are under way.</summary>
    [Id(4)] public int Fetches { get; init; }

    /// <summary>It is remembered as not storable: requests are passed at once.</summary>
    [Id(5)] public bool IsPassed { get; init; }
}

/// <summary>A stored response, or a part of one.</summary>
/// <param name="Selecting">The nominated fields that a request must match, as lines; of credentials only that they are there.</param>
[GenerateSerializer, Immutable, Alias("granary.ExplainedResponse")]
public sealed record ExplainedResponse([property: Id(0)] string Key, [property: Id(1)] ImmutableArray<string> Selecting, [property: Id(2)] int Status)
{
    [Id(3)] public TimeSpan Age { get; init; }

    /// <summary>Since the beginning of its age; fresh while the age is less.</summary>
    [Id(4)] public TimeSpan Lifetime { get; init; }

    /// <summary>What stated the lifetime.</summary>
    [Id(5)] public string LifetimeSource { get; init; } = "";

    /// <summary>Bytes of content; null while that is not known.</summary>
    [Id(6)] public long? Length { get; init; }

    /// <summary>Bytes that are here; less than the length while it arrives, or while an edge holds segments of it only.</summary>
    [Id(7)] public long Here { get; init; }

    [Id(8)] public string? EntityTag { get; init; }

    [Id(9)] public string? LastModified { get; init; }

    [Id(10)] public string? CacheControl { get; init; }

    [Id(11)] public string? Vary { get; init; }

    [Id(12)] public string? ContentType { get; init; }

    /// <summary>As the stored head names them.</summary>
    [Id(13)] public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>How many groups and tags it can be purged by, whether or not the head still names them.</summary>
    [Id(14)] public int Groups { get; init; }

    /// <summary>Position of its first byte and complete length, if it is a part (RFC 9111 §3.3).</summary>
    [Id(15)] public long? PartFirst { get; init; }

    [Id(16)] public long? PartOf { get; init; }

    /// <summary>A purge has made it stale, or made it go as soon as it is asked for.</summary>
    [Id(17)] public bool IsPurged { get; init; }

    /// <summary>Held by an edge: for how long without asking the owner again.</summary>
    [Id(18)] public TimeSpan? HeldFor { get; init; }
}

/// <param name="Ago">How long ago it was decided.</param>
[GenerateSerializer, Immutable, Alias("granary.ExplainedDecision")]
public sealed record ExplainedDecision([property: Id(0)] TimeSpan Ago, [property: Id(1)] CacheStatus Status);

/// <param name="Edge">Names the process.</param>
/// <param name="Left">Until its session runs out, unless it is renewed, as it is about once a second.</param>
[GenerateSerializer, Immutable, Alias("granary.ExplainedLease")]
public sealed record ExplainedLease([property: Id(0)] string Edge, [property: Id(1)] TimeSpan Left);
