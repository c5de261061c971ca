namespace Granary.Silo.Configuration.Reading;

/// <summary>Listeners of layer 4 that cannot be as they are written.</summary>
internal static class TcpContradictions
{
    public static IEnumerable<(string Key, string? Value, string Allowed)> In(GranarySettings settings)
    {
        if (WhoIsTrusted("Granary:Client", settings.Client.ProxyProtocol, settings.Client.TrustedFrom.IsEmpty) is { } nobody) yield return nobody;
        for (var i = 0; i < settings.Tcp.Length; i++)
            foreach (var mistake in Destinations($"Granary:Tcp:{i}", settings.Tcp[i]).Concat(Limits($"Granary:Tcp:{i}", settings, i)).Concat(Places($"Granary:Tcp:{i}:Listen", settings, i)))
                yield return mistake;
    }

    private static IEnumerable<(string, string?, string)> Destinations(string key, TcpSettings tcp)
    {
        if (tcp.To.IsEmpty && tcp.Sni.IsEmpty) yield return ($"{key}:To", null, "destinations here, or below Sni");
        if (!tcp.To.IsEmpty && !tcp.Sni.IsEmpty) yield return ($"{key}:To", string.Join(';', tcp.To), "destinations either here or below Sni; * there is for every other name");
        for (var i = 0; i < tcp.Sni.Length; i++)
            if (tcp.Sni[..i].Any(other => other.Host == tcp.Sni[i].Host)) yield return ($"{key}:Sni:{i}:Host", tcp.Sni[i].Host, "each pattern only once");
        foreach (var to in tcp.To.Concat(tcp.Sni.SelectMany(static sni => sni.To)))
            if (to.Ports.Count != 1 && to.Ports.Count != tcp.Listen!.Ports.Count) yield return ($"{key}:To", $"{to}", $"one port, or as many as Listen has ({tcp.Listen.Ports.Count})");
    }

    private static IEnumerable<(string, string?, string)> Limits(string key, GranarySettings settings, int at)
    {
        var tcp = settings.Tcp[at];
        if (WhoIsTrusted(key, tcp.ProxyProtocolIn, tcp.TrustedFrom.IsEmpty) is { } nobody) yield return nobody;
        if (tcp.MostConnections > settings.Client.MaxConnections)
            yield return ($"{key}:MostConnections", $"{tcp.MostConnections}", $"at most Granary:Client:MaxConnections ({settings.Client.MaxConnections}), which holds for each listener");
        if (tcp.HealthInterval > TimeSpan.Zero && (tcp.FailuresInARow == 0 || tcp.Listen!.Ports.Count > 1))
            yield return ($"{key}:HealthInterval", Values.Duration.Show(tcp.HealthInterval), "0 with a range of ports, and where FailuresInARow is 0: nothing is ever taken out there");
        if (settings.Tcp[..at].Any(other => other.Title.Equals(tcp.Title, StringComparison.OrdinalIgnoreCase)))
            yield return ($"{key}:Name", tcp.Name, "each name only once");
    }

    // A header that anybody may send tells nothing, and one that nobody may send lets nobody in.
    private static (string, string?, string)? WhoIsTrusted(string key, ProxyProtocolIn reads, bool nobody) =>
        reads is ProxyProtocolIn.Required && nobody ? ($"{key}:TrustedFrom", null, "networks, since a PROXY header is required") : null;

    private static IEnumerable<(string, string?, string)> Places(string key, GranarySettings settings, int at)
    {
        var listen = settings.Tcp[at].Listen!;
        foreach (var other in settings.Listen.Append(settings.Admin.Listen))
            if (listen.CollidesWith(other)) yield return (key, $"{listen}", $"another port than Granary:Listen and Granary:Admin:Listen have ({other})");
        foreach (var other in settings.Tcp[..at])
            if (listen.CollidesWith(other.Listen!)) yield return (key, $"{listen}", $"each address and port only once ({other.Listen})");
    }
}
