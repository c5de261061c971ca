using System.Diagnostics.Metrics;

namespace Granary.Edge.Layer4;

/// <summary>Layer 4 in numbers.</summary>
internal sealed class TcpMeter
{
    private readonly Counter<long> _refused;

    public TcpMeter(IMeterFactory meters, IReadOnlyCollection<TcpService> services)
    {
        var meter = meters.Create("Granary.Tcp");
        _refused = meter.CreateCounter<long>("granary.tcp.refused", "{connection}", "Connections closed without having been handed on, by reason.");
        meter.CreateObservableUpDownCounter("granary.tcp.connections.open", () => Each(services, static figures => figures.Open), "{connection}", "Connections that are open.");
        meter.CreateObservableCounter("granary.tcp.connections", () => Each(services, static figures => figures.Total), "{connection}", "Connections accepted so far.");
        meter.CreateObservableCounter("granary.tcp.bytes", () => Bytes(services), "By", "Bytes handed on, from clients (in) and to them (out).");
        meter.CreateObservableGauge("granary.tcp.destination.up", () => Up(services), null, "1 for a destination that is up, 0 for one that is out.");
    }

    public void Refused(string listener, TcpRefusal why) =>
        _refused.Add(1, KeyValuePair.Create<string, object?>("listener", listener), KeyValuePair.Create<string, object?>("reason", why.ToString()));

    private static IEnumerable<Measurement<long>> Each(IEnumerable<TcpService> services, Func<ListenerFigures, long> figure) =>
        services.Select(service => new Measurement<long>(figure(service.Figures), Of(service)));

    private static IEnumerable<Measurement<long>> Bytes(IEnumerable<TcpService> services) =>
        services.SelectMany(static service => (Measurement<long>[])
        [
            new(service.Figures.BytesIn, Of(service), KeyValuePair.Create<string, object?>("direction", "in")),
            new(service.Figures.BytesOut, Of(service), KeyValuePair.Create<string, object?>("direction", "out")),
        ]);

    private static IEnumerable<Measurement<int>> Up(IEnumerable<TcpService> services) =>
        from service in services
        from destination in service.Destinations
        select new Measurement<int>(destination.Verdict.IsUp ? 1 : 0, Of(service), KeyValuePair.Create<string, object?>("destination", destination.Place.ToString()));

    private static KeyValuePair<string, object?> Of(TcpService service) => new("listener", service.Figures.Listener);
}
