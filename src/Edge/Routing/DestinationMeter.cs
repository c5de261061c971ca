using System.Diagnostics.Metrics;
using Yarp.ReverseProxy;

namespace Granary.Edge.Routing;

/// <summary>Health on /metrics: how many destinations each cluster has, and how many of them are available.</summary>
internal sealed class DestinationMeter
{
    public DestinationMeter(IMeterFactory meters, IProxyStateLookup yarp)
    {
        var meter = meters.Create("Granary.Edge");
        meter.CreateObservableGauge("granary.destinations", () => Measure(yarp, static cluster => cluster.AllDestinations.Count), description: "Destinations by cluster.");
        meter.CreateObservableGauge("granary.destinations.available", () => Measure(yarp, static cluster => cluster.AvailableDestinations.Count), description: "Destinations that are healthy, or not known to be ill, by cluster.");
    }

    private static IEnumerable<Measurement<int>> Measure(IProxyStateLookup yarp, Func<Yarp.ReverseProxy.Model.ClusterDestinationsState, int> count) =>
        yarp.GetClusters().Select(cluster => new Measurement<int>(count(cluster.DestinationsState), new KeyValuePair<string, object?>("cluster", cluster.ClusterId)));
}
