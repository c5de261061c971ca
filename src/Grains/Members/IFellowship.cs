using System.Collections.Immutable;
using Orleans.Runtime;

namespace Granary.Grains.Members;

/// <summary>The silos of the cluster as this one sees them.</summary>
internal interface IFellowship
{
    /// <summary>All that are active or about to leave, this one included: whoever may answer from what it keeps.</summary>
    ImmutableArray<Fellow> All { get; }

    /// <summary>Those that grains are placed on.</summary>
    ImmutableArray<Fellow> Active { get; }

    /// <summary>Those that are no members any more, as long as the table still tells.</summary>
    IReadOnlySet<SiloAddress> Dead { get; }

    /// <summary>Of the table that this was read from; grows.</summary>
    long Version { get; }

    bool IsSelf(Fellow fellow);

    IMemberService Of(Fellow fellow);

    /// <summary>Looks at the membership table, so that whoever joined before this call is among <see cref="All"/>. As far as Redis allows: without it nobody joins.</summary>
    Task Refresh();
}
