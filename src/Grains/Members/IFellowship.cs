using System.Collections.Immutable;

namespace Granary.Grains.Members;

/// <summary>The silos of the cluster as this one sees them.</summary>
internal interface IFellowship
{
    /// <summary>All that are active or about to leave, this one included: whoever may answer from what it keeps.</summary>
    ImmutableArray<Fellow> All { get; }

    /// <summary>Those that grains are placed on.</summary>
    ImmutableArray<Fellow> Active { get; }

    bool IsSelf(Fellow fellow);

    IMemberService Of(Fellow fellow);

    /// <summary>Looks at the membership table, so that whoever joined before this call is among <see cref="All"/>. As far as Redis allows: without it nobody joins.</summary>
    Task Refresh();
}
