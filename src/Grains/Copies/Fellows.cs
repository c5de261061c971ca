using Granary.Grains.Members;
using Granary.Grains.Placement;

namespace Granary.Grains.Copies;

/// <summary>Who comes where for a URI.</summary>
internal static class Fellows
{
    public static Fellow? Self(this IFellowship fellowship)
    {
        foreach (var fellow in fellowship.All)
            if (fellowship.IsSelf(fellow)) return fellow;
        return null;
    }

    /// <summary>The active silos by rank for this URI: the owner first.</summary>
    public static Fellow[] Ranked(this IFellowship fellowship, string uri) => Rendezvous.Rank(uri, fellowship.Active, static fellow => fellow.Name);

    /// <summary>The same without this one.</summary>
    public static IEnumerable<Fellow> RankedOthers(this IFellowship fellowship, string uri) => fellowship.Ranked(uri).Where(fellow => !fellowship.IsSelf(fellow));
}
