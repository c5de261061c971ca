using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration.Reading;

/// <summary>Settings that are each valid and together are not.</summary>
internal static class Contradictions
{
    public static IEnumerable<ConfigurationMistake> In(GranarySettings settings, Func<string, ConfigurationLayer.Written?> written)
    {
        foreach (var (key, value, allowed) in Find(settings))
            yield return new(key, value, allowed) { WrittenAs = written(key)?.As };
    }

    private static IEnumerable<(string Key, string? Value, string Allowed)> Find(GranarySettings settings) =>
        [
            .. OpenAdmin(settings), .. RateLimits(settings), .. Listeners(settings), .. Ports(settings), .. Store(settings), .. Leases(settings.Leases), .. Tls(settings.Cluster.Tls), .. TcpContradictions.In(settings),
            .. RuleContradictions.In(settings), .. TlsContradictions.In(settings), .. UserContradictions.In(settings),
            .. PolicyContradictions.In(settings), .. EgressContradictions.In(settings),
        ];

    // P8: no unauthenticated admin.
    private static IEnumerable<(string, string?, string)> OpenAdmin(GranarySettings settings)
    {
        if (!settings.Admin.Listen.IsLoopback && settings.Admin.Token is null)
            yield return ("Granary:Admin:Listen", $"{settings.Admin.Listen}", "an address other than loopback only together with Granary:Admin:Token");
    }

    private static IEnumerable<(string, string?, string)> Listeners(GranarySettings settings)
    {
        for (var i = 0; i < settings.Listen.Length; i++)
        {
            if (settings.Listen[i].CollidesWith(settings.Admin.Listen))
                yield return ("Granary:Admin:Listen", $"{settings.Admin.Listen}", $"another port than Granary:Listen has ({settings.Listen[i]})");
            for (var j = 0; j < i; j++)
                if (settings.Listen[i].CollidesWith(settings.Listen[j])) yield return ("Granary:Listen", $"{settings.Listen[i]}", "each address and port only once");
        }
    }

    private static IEnumerable<(string, string?, string)> Ports(GranarySettings settings)
    {
        var taken = settings.Listen.Append(settings.Admin.Listen).Concat(settings.Tcp.SelectMany(tcp => tcp.Listen!.Addresses)).Select(l => (l.Port, Key: "a listener")).ToList();
        foreach (var (port, key) in ClusterPorts(settings.Cluster))
        {
            if (port != 0 && taken.FirstOrDefault(t => t.Port == port) is { Key: { } other }) yield return (key, $"{port}", $"another port than {other} has, or 0");
            taken.Add((port, key));
        }
    }

    private static IEnumerable<(int Port, string Key)> ClusterPorts(ClusterSettings cluster) =>
    [
        (cluster.SiloPort, "Granary:Cluster:SiloPort"), (cluster.GatewayPort, "Granary:Cluster:GatewayPort"), (cluster.ContentPort, "Granary:Cluster:ContentPort"),
    ];

    private static IEnumerable<(string, string?, string)> Store(GranarySettings settings)
    {
        var largest = settings.Store.Disk is null ? settings.Store.Memory : Math.Max(settings.Store.Memory, settings.Store.DiskSize);
        if (settings.Store.MaxResponseSize > largest)
            yield return ("Granary:Store:MaxResponseSize", ByteSize.Show(settings.Store.MaxResponseSize.Value), $"at most the size of the store ({ByteSize.Show(largest)})");
    }

    // Default and Disable mean something else to routes.
    private static IEnumerable<(string, string?, string)> RateLimits(GranarySettings settings)
    {
        var names = settings.RateLimits.Select(static limit => limit.Name!).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            if (names.Take(i).Contains(names[i], StringComparer.OrdinalIgnoreCase)) yield return ($"Granary:RateLimits:{i}:Name", names[i], "each name only once");
            if (names[i].ToUpperInvariant() is "DEFAULT" or "DISABLE") yield return ($"Granary:RateLimits:{i}:Name", names[i], "a name of your own; Default and Disable are words of YARP");
        }
    }

    private static IEnumerable<(string, string?, string)> Leases(LeaseSettings leases)
    {
        if (leases.MemoryLimit is > 0 and < 1 << 20) yield return ("Granary:Leases:MemoryLimit", ByteSize.Show(leases.MemoryLimit), "0B for no leased copies, or at least 1MiB");
    }

    // Half of it would be in the clear, or refuse everybody.
    private static IEnumerable<(string, string?, string)> Tls(TlsSettings tls)
    {
        if (tls.Authority is not null && tls.Certificate is null) yield return ("Granary:Cluster:Tls:Certificate", null, "a file, since Granary:Cluster:Tls:Authority is given: both or none");
        if (tls.Certificate is not null && tls.Authority is null) yield return ("Granary:Cluster:Tls:Authority", null, "a file, since Granary:Cluster:Tls:Certificate is given: both or none");
        if (tls.Key is not null && tls.Certificate is null) yield return ("Granary:Cluster:Tls:Key", tls.Key, "only together with Granary:Cluster:Tls:Certificate");
    }
}
