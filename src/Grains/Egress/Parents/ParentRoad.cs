using System.Collections.Immutable;

namespace Granary.Grains.Egress.Parents;

/// <summary>A group of parents at work.</summary>
internal sealed class ParentRoad(ParentGroup group, TimeProvider clock, ILogger logger)
{
    private uint _turn;

    public ParentGroup Group => group;

    public ImmutableArray<Parent> All { get; } = [.. group.Proxies.Select(at => new Parent(group, at, clock, logger))];

    /// <summary>Those to be tried, the best first; to be gone through only as far as needed, since one that is out is asked for its turn then. Those that are out come last, and not at all where there is another way.</summary>
    public IEnumerable<Parent> InOrder()
    {
        var first = group.InTurns ? (int)(Interlocked.Increment(ref _turn) % (uint)All.Length) : 0;
        List<Parent>? passedOver = null;
        for (var i = 0; i < All.Length; i++)
        {
            var parent = All[(first + i) % All.Length];
            if (parent.MayBeTried()) yield return parent;
            else (passedOver ??= []).Add(parent);
        }

        if (group.FallsBack) yield break;
        foreach (var parent in passedOver ?? []) yield return parent;
    }
}
