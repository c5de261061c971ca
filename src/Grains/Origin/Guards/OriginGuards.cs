using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Granary.Grains.Members;

namespace Granary.Grains.Origin.Guards;

/// <summary>The guards of this silo, one for each destination that an operator has configured, and what they have to say to the operator.</summary>
internal sealed class OriginGuards
{
    /// <summary>Destinations may be found by names whose addresses change; those that nobody asks any more need no guard.</summary>
    private const int Most = 4096;

    private readonly ConcurrentDictionary<string, OriginGuard> _guards = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, OriginGuard> _make;
    private readonly Counter<long> _refused;

    public OriginGuards(Func<FetchOptions> options, IFellowship fellowship, TimeProvider clock, IMeterFactory meters)
    {
        _make = address => new OriginGuard(address, options, () => fellowship.Active.Length, clock);
        var meter = meters.Create("Granary.Grains");
        _refused = meter.CreateCounter<long>("granary.origin.refused", description: "Fetches that a guard has kept from a destination, by reason.");
        meter.CreateObservableGauge("granary.origin.fetches", () => Measure(static guard => guard.UnderWay), description: "Fetches under way by destination.");
        meter.CreateObservableGauge("granary.origin.queued", () => Measure(static guard => guard.Queued), description: "Fetches that wait for their turn by destination.");
        meter.CreateObservableGauge("granary.origin.left_alone", () => Measure(static guard => guard.IsOpen ? 1 : 0), description: "1 where a destination has failed too often in a row and is left alone.");
    }

    /// <summary>Null for destinations that clients name.</summary>
    public OriginGuard? Of(OriginRoute route)
    {
        if (!route.IsConfigured || route.Destination.Length == 0) return null;
        if (_guards.TryGetValue(route.Destination, out var known)) return known;
        if (_guards.Count >= Most) Forget();
        return _guards.GetOrAdd(route.Destination, _make);
    }

    public void Refused(OriginGuard guard, OriginFault fault) => _refused.Add(1, new("origin", guard.Address), new("reason", new OriginError(fault).Token));

    /// <summary>Those that need attention first.</summary>
    public ImmutableArray<OriginReport> Report(int most) =>
    [
        .. _guards.Values.Select(static guard => new OriginReport(guard.Address, guard.UnderWay, guard.Queued, guard.IsOpen))
            .OrderByDescending(static origin => origin.IsLeftAlone).ThenByDescending(static origin => origin.Fetches + origin.Queued).ThenBy(static origin => origin.Address, StringComparer.Ordinal).Take(most),
    ];

    private void Forget()
    {
        foreach (var (address, guard) in _guards)
            if (guard.IsIdle) _guards.TryRemove(address, out _);
    }

    private IEnumerable<Measurement<int>> Measure(Func<OriginGuard, int> of) =>
        _guards.Values.Select(guard => new Measurement<int>(of(guard), new KeyValuePair<string, object?>("origin", guard.Address)));
}
