using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <summary>The one place that numbers invalidations of groups; its key is 0.</summary>
[Alias("granary.IGroupLedgerGrain")]
public interface IGroupLedgerGrain : IGrainWithIntegerKey
{
    /// <summary>Afterwards no response of these groups whose fetch began before is reused.</summary>
    /// <param name="groups">Keys of <see cref="Semantics.Invalidation.CacheGroups"/>.</param>
    [Alias("Invalidate")]
    Task Invalidate(ImmutableArray<string> groups);
}
