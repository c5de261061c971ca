using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Resources;

namespace Granary.Edge.Owners;

/// <summary>How this edge reaches the owners of URIs.</summary>
internal interface IOwners
{
    /// <returns>Null when nobody can answer for the owner either: a fault of the cache costs a hit, never an answer (P3).</returns>
    Task<Answer?> Ask(string uri, Question question, CancellationToken cancellationToken);

    /// <summary>Afterwards nothing stored before is reused anywhere (P2).</summary>
    /// <returns>How many stored responses were removed; null when it could not be made sure of.</returns>
    Task<int?> Invalidate(string uri);

    /// <summary>The same for several URIs.</summary>
    /// <param name="isSoft">They are stale afterwards, and not gone.</param>
    /// <returns>Null when it could not be made sure of.</returns>
    Task<Purged?> Invalidate(ImmutableArray<string> uris, bool isSoft);

    /// <summary>The same for all that belongs to a scope.</summary>
    /// <returns>Null when it could not be made sure of.</returns>
    Task<Purged?> Invalidate(Scope scope, bool isSoft);

    /// <summary>The same for groups.</summary>
    /// <returns>Whether it could be made sure of.</returns>
    Task<bool> InvalidateGroups(ImmutableArray<string> groups);

    /// <summary>Tells the owner what was learned from a passed answer. A gain, not a duty: nothing comes of it when it cannot be reached.</summary>
    Task Tell(string uri, Func<IResourceGrain, Task> what);
}
