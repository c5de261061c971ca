using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Granary.Edge.Layer4;

namespace Granary.Edge.Tunnels;

/// <summary>Tunnels in numbers, by the way in which they were asked for. Those that were refused are among <c>granary.errors</c>.</summary>
internal sealed class TunnelMeter
{
    private readonly ImmutableArray<ListenerFigures> _figures = [.. Enum.GetNames<TunnelWay>().Select(static way => new ListenerFigures(way))];

    public TunnelMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Granary.Tunnels");
        meter.CreateObservableUpDownCounter("granary.tunnels.open", () => _figures.Select(static each => new Measurement<long>(each.Open, Of(each))), "{tunnel}", "Tunnels that are open.");
        meter.CreateObservableCounter("granary.tunnels", () => _figures.Select(static each => new Measurement<long>(each.Total, Of(each))), "{tunnel}", "Tunnels opened so far.");
        meter.CreateObservableCounter("granary.tunnels.bytes", () => _figures.SelectMany(Bytes), "By", "Bytes carried, from clients (in) and to them (out).");
    }

    public ImmutableArray<ListenerFigures> All => _figures;

    public ListenerFigures Of(TunnelWay way) => _figures[(int)way];

    private static IEnumerable<Measurement<long>> Bytes(ListenerFigures figures) =>
    [
        new(figures.BytesIn, Of(figures), KeyValuePair.Create<string, object?>("direction", "in")),
        new(figures.BytesOut, Of(figures), KeyValuePair.Create<string, object?>("direction", "out")),
    ];

    private static KeyValuePair<string, object?> Of(ListenerFigures figures) => new("way", figures.Listener);
}
