using System.Collections.Immutable;

namespace Granary.Grains.Members;

/// <summary>How a silo is, for people who look. Sizes are bytes; what counts, counts since its start.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Memory">What counts against the budget of its store.</param>
/// <param name="MemoryLimit">The budget.</param>
/// <param name="Responses">Stored responses.</param>
[GenerateSerializer, Immutable, Alias("granary.SiloReport")]
public sealed record SiloReport(
    [property: Id(0)] string Version, [property: Id(1)] TimeSpan Uptime, [property: Id(2)] long Memory, [property: Id(3)] long MemoryLimit, [property: Id(4)] long Responses)
{
    /// <summary>Stored responses that went for others.</summary>
    [Id(5)] public long Evictions { get; init; }

    /// <summary>Contents found damaged in memory.</summary>
    [Id(6)] public long Damaged { get; init; }

    /// <summary>URIs that are being fetched.</summary>
    [Id(7)] public int Fetches { get; init; }

    /// <summary>Edges with a session.</summary>
    [Id(8)] public int Edges { get; init; }

    /// <summary>It was away, and answers nothing of what it keeps until it has made sure of it.</summary>
    [Id(9)] public bool IsInDoubt { get; init; }

    /// <summary>Silos that do not answer invalidations, as far as this one knows.</summary>
    [Id(10)] public int Fenced { get; init; }

    /// <summary>Memory of the process.</summary>
    [Id(11)] public long WorkingSet { get; init; }

    [Id(12)] public ImmutableArray<OriginReport> Origins { get; init; } = [];
}

/// <summary>One destination, as a silo that fetches from it finds it.</summary>
/// <param name="Fetches">Under way.</param>
/// <param name="Queued">Waiting for their turn.</param>
/// <param name="IsLeftAlone">It failed too often in a row.</param>
[GenerateSerializer, Immutable, Alias("granary.OriginReport")]
public sealed record OriginReport([property: Id(0)] string Address, [property: Id(1)] int Fetches, [property: Id(2)] int Queued, [property: Id(3)] bool IsLeftAlone);
