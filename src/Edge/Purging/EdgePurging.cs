using System.Collections.Immutable;
using Granary.Edge.Owners;
using Granary.Edge.Routing;
using Granary.Grains.Groups;
using Granary.Grains.Resources;
using Granary.Silo.Admin.Purging;

namespace Granary.Edge.Purging;

/// <summary>By the owners, wherever they are.</summary>
internal sealed class EdgePurging(IOwners owners, CacheKeys keys) : IPurging
{
    public Task<Purged?> Purge(ImmutableArray<string> uris, bool isSoft) => owners.Invalidate([.. uris.SelectMany(keys.Of)], isSoft);

    public Task<Purged?> Purge(Scope scope, bool isSoft) => owners.Invalidate(scope, isSoft);
}
