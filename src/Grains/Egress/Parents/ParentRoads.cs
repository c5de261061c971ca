using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Granary.Grains.Egress.Parents;

/// <summary>All parents of this process, and which of them lead to a host.</summary>
internal sealed class ParentRoads
{
    private readonly ImmutableArray<ParentRoad> _all;
    private readonly Counter<long>? _used;

    public ParentRoads(ImmutableArray<ParentGroup> groups, TimeProvider clock, ILogger logger, IMeterFactory? meters)
    {
        _all = [.. groups.Select(group => new ParentRoad(group, clock, logger))];
        if (_all.IsEmpty || meters is null) return;
        var meter = meters.Create("Granary.Egress");
        _used = meter.CreateCounter<long>("granary.parents.connections", "{connection}", "Connections through parents, by parent, group and whether they came about (ok).");
        meter.CreateObservableGauge("granary.parents.up", Up, null, "Whether a parent is used: 1, or 0 while it is left out.");
    }

    public ImmutableArray<ParentRoad> All => _all;

    /// <returns>Null: it is gone to directly.</returns>
    public ParentRoad? To(string host)
    {
        foreach (var road in _all)
            if (road.Group.Serves(host)) return road.All.IsEmpty ? null : road;
        return null;
    }

    public void Used(ParentRoad road, Parent parent, bool ok) =>
        _used?.Add(1, new("parent", parent.Title), new("group", road.Group.Name), new("ok", ok));

    private IEnumerable<Measurement<int>> Up() =>
        _all.SelectMany(static road => road.All.Select(parent => new Measurement<int>(parent.IsOut ? 0 : 1, new KeyValuePair<string, object?>("parent", parent.Title), new KeyValuePair<string, object?>("group", road.Group.Name))));
}
