using System.Collections.Immutable;
using Granary.Grains.Groups;

namespace Granary.Silo.Admin.Purging;

/// <summary>How this process reaches all that keep responses.</summary>
public interface IPurging
{
    /// <summary>Afterwards nothing stored of these URIs before is reused anywhere; if it is soft, only as a stale response (P2).</summary>
    /// <returns>How many stored responses were hit, copies counted; null when it could not be made sure of.</returns>
    Task<int?> Purge(ImmutableArray<string> uris, bool isSoft);

    /// <summary>The same for all that belongs to a scope.</summary>
    /// <returns>Whether it could be made sure of.</returns>
    Task<bool> Purge(Scope scope, bool isSoft);
}
