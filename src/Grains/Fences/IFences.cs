using System.Collections.Immutable;

namespace Granary.Grains.Fences;

/// <summary>The fences as they lie in Redis (decision 0012). Silos are named by their address and generation, as the rows of the membership table are. Any call may fail by any exception.</summary>
public interface IFences
{
    /// <summary>Looks at fences and members. What it gives is not older than its beginning.</summary>
    Task<FenceReading> Read(CancellationToken cancellationToken);

    /// <summary>The silo begins a life: nothing was written for it yet.</summary>
    Task Register(string silo, string life, CancellationToken cancellationToken);

    /// <summary>Adds to what the silo has missed.</summary>
    /// <param name="missed">Empty: everything.</param>
    /// <returns>Its state with that; null if it is not registered, and so cannot be fenced.</returns>
    Task<FenceState?> Add(string silo, ReadOnlyMemory<byte> missed, CancellationToken cancellationToken);

    /// <summary>The state of one silo; null if it is not registered.</summary>
    Task<FenceState?> StateOf(string silo, CancellationToken cancellationToken);

    /// <summary>What it has still to hear, in order.</summary>
    Task<ImmutableArray<MissedEntry>> Missed(string silo, CancellationToken cancellationToken);

    /// <summary>It has applied all entries up to that one.</summary>
    /// <returns>Whether that life is still the one that Redis knows.</returns>
    Task<bool> Heard(string silo, string life, long upTo, CancellationToken cancellationToken);

    /// <summary>Those silos are gone.</summary>
    Task Remove(IEnumerable<string> silos, CancellationToken cancellationToken);
}

/// <param name="Number">Counts from 1 in each life.</param>
/// <param name="Bytes">Empty: everything.</param>
public readonly record struct MissedEntry(long Number, ReadOnlyMemory<byte> Bytes);

/// <summary>A look at Redis.</summary>
/// <param name="Rows">All that the membership table names; null when it was lost and says nothing.</param>
/// <param name="Dead">Those of them that were declared dead.</param>
public sealed record FenceReading(IReadOnlySet<string>? Rows, IReadOnlySet<string> Dead, ImmutableDictionary<string, FenceState> States)
{
    public bool IsMember(string silo) => Rows is null || (Rows.Contains(silo) && !Dead.Contains(silo));

    public FenceState? Of(string silo) => States.TryGetValue(silo, out var state) ? state : null;
}
