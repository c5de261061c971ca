using System.Collections.Immutable;
using Granary.Grains.Resources;

namespace Granary.Grains.Groups;

/// <summary>The one place that numbers invalidations of groups, hosts, prefixes and all; its key is 0.</summary>
[Alias("granary.IGroupLedgerGrain")]
public interface IGroupLedgerGrain : IGrainWithIntegerKey
{
    /// <summary>Afterwards no response of these groups whose fetch began before is reused.</summary>
    /// <param name="groups">Keys of <see cref="Semantics.Invalidation.CacheGroups"/>.</param>
    [Alias("Invalidate")]
    Task Invalidate(ImmutableArray<string> groups);

    /// <summary>Afterwards no response of this scope whose fetch began before is reused; if it is soft, then only as one that is stale.</summary>
    [Alias("InvalidateScope")]
    Task InvalidateScope(Scope scope, bool isSoft);

    /// <summary>The same, with what became of it.</summary>
    [Alias("Purge")]
    Task<Purged> Purge(Scope scope, bool isSoft);
}
