namespace Granary.Grains.Leases;

/// <summary>What this silo grants to edges. The same in all silos of a cluster: each waits as long for the edges of the others.</summary>
public sealed record LeaseOptions
{
    /// <summary>Longer than this no edge reuses a copy without a word from this silo. Default 5 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether there are leases at all. Default true; in one process nobody asks for them.</summary>
    public bool AreOn { get; init; } = true;

    /// <summary>Characters of URIs that an edge has still to acknowledge, and something for each recall; after that it is told to let go of everything.</summary>
    internal int MostWaiting { get; init; } = 256 << 10;

    /// <summary>How long a URI is held without asking for it again.</summary>
    public static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(60);
}
