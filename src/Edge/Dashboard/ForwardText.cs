using System.Text.Json;
using Granary.Edge.Policy;
using Granary.Edge.Tunnels;
using Granary.Silo.Configuration;

namespace Granary.Edge.Dashboard;

/// <summary>What the forward proxy does: tunnels by the way in, and what its access policy has decided.</summary>
internal sealed class ForwardText(TunnelMeter tunnels, PolicyInForce policy, PolicyMeter verdicts, SettingsSource settings)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("forward");
        json.WriteBoolean("on", settings.Current.Origin is null);
        json.WriteStartArray("tunnels");
        foreach (var way in tunnels.All)
        {
            if (way.Total == 0) continue;
            json.WriteStartObject();
            json.WriteString("way", way.Listener);
            json.WriteNumber("open", way.Open);
            json.WriteNumber("tunnels", way.Total);
            json.WriteNumber("bytesIn", way.BytesIn);
            json.WriteNumber("bytesOut", way.BytesOut);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("policy");
        json.WriteBoolean("on", policy.Current is not null);
        json.WriteNumber("rules", policy.Current?.Rules.Length ?? 0);
        foreach (var (word, sum) in PolicyMeter.Words.Zip(verdicts.Sums())) json.WriteNumber(word, sum);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
