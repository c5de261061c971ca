using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Resources;

namespace Granary.Silo.Admin.Purging;

/// <summary>How this process reaches all that keep responses.</summary>
public interface IPurging
{
    /// <summary>Afterwards nothing stored of these URIs before is reused anywhere; if it is soft, only as a stale response (P2).</summary>
    /// <returns>Null when it could not be made sure of.</returns>
    Task<Purged?> Purge(ImmutableArray<string> uris, bool isSoft);

    /// <summary>The same for all that belongs to a scope.</summary>
    /// <returns>Null when it could not be made sure of. How many were hit is not known.</returns>
    Task<Purged?> Purge(Scope scope, bool isSoft);
}
