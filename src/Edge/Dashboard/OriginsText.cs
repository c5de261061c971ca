using System.Collections.Immutable;
using System.Text.Json;
using Granary.Edge.Layer4;
using Granary.Grains.Members;
using Granary.Silo.Configuration;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Granary.Edge.Dashboard;

/// <summary>Where requests and connections go on to, and how it is: (1) as the silos find it that fetch from it  (2) clusters of YARP  (3) listeners of layer 4.</summary>
internal sealed class OriginsText(IServiceProvider services, SettingsSource settings)
{
    public void Write(Utf8JsonWriter json, ImmutableArray<SiloView> silos)
    {
        json.WriteString("origin", settings.Current.Origin?.AbsoluteUri);
        json.WriteStartArray("origins");
        foreach (var origin in silos.SelectMany(static silo => silo.Report?.Origins ?? []).GroupBy(static one => one.Address, StringComparer.OrdinalIgnoreCase)) Origin(json, origin.Key, [.. origin]); // (1)
        json.WriteEndArray();
        json.WriteStartArray("clusters");
        foreach (var cluster in services.GetService<IProxyStateLookup>()?.GetClusters() ?? []) Cluster(json, cluster);                                                          // (2)
        json.WriteEndArray();
        json.WriteStartArray("listeners");
        foreach (var listener in services.GetRequiredService<TcpServices>().All) Listener(json, listener);                                                                      // (3)
        json.WriteEndArray();
    }

    /// <param name="told">By each silo that fetches from it.</param>
    private static void Origin(Utf8JsonWriter json, string address, OriginReport[] told)
    {
        json.WriteStartObject();
        json.WriteString("address", address);
        json.WriteNumber("fetches", told.Sum(static one => one.Fetches));
        json.WriteNumber("queued", told.Sum(static one => one.Queued));
        json.WriteNumber("silos", told.Length);
        json.WriteNumber("leftAloneBy", told.Count(static one => one.IsLeftAlone));
        json.WriteEndObject();
    }

    private static void Cluster(Utf8JsonWriter json, ClusterState cluster)
    {
        var available = cluster.DestinationsState.AvailableDestinations;
        json.WriteStartObject();
        json.WriteString("cluster", cluster.ClusterId);
        json.WriteStartArray("destinations");
        foreach (var destination in cluster.DestinationsState.AllDestinations)
        {
            json.WriteStartObject();
            json.WriteString("destination", destination.DestinationId);
            json.WriteString("address", destination.Model.Config.Address);
            json.WriteBoolean("available", available.Contains(destination));
            json.WriteString("active", WordOf(destination.Health.Active));
            json.WriteString("passive", WordOf(destination.Health.Passive));
            json.WriteNumber("requests", destination.ConcurrentRequestCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string WordOf(DestinationHealth health) => health switch { DestinationHealth.Healthy => "healthy", DestinationHealth.Unhealthy => "unhealthy", _ => "unknown" };

    private static void Listener(Utf8JsonWriter json, TcpService listener)
    {
        json.WriteStartObject();
        json.WriteString("listener", listener.Figures.Listener);
        json.WriteNumber("open", listener.Figures.Open);
        json.WriteNumber("connections", listener.Figures.Total);
        json.WriteNumber("bytesIn", listener.Figures.BytesIn);
        json.WriteNumber("bytesOut", listener.Figures.BytesOut);
        json.WriteStartArray("destinations");
        foreach (var destination in listener.Destinations)
        {
            json.WriteStartObject();
            json.WriteString("destination", destination.Place.ToString());
            json.WriteBoolean("up", destination.Verdict.IsUp);
            json.WriteNumber("open", destination.Open);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
