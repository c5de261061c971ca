using System.Net;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>The cluster this process belongs to.</summary>
public sealed record ClusterSettings
{
    /// <summary>Default none: the silo is embedded in the edge.</summary>
    [Redis("Redis of the cluster", Switch = "--redis", NeedsRestart = true, DefaultText = "none: one process with an embedded silo")]
    public string? Redis { get; init; }

    /// <summary>Default granary. Clusters that share a Redis have different ones.</summary>
    [Name("Which cluster of that Redis this is", NeedsRestart = true)]
    public string Id { get; init; } = "granary";

    /// <summary>Default the host name. A silo's identity across restarts: its share of the URLs follows from it.</summary>
    [Name("Stable identity of a silo across restarts", Switch = "--name", NeedsRestart = true, DefaultText = "host name")]
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>0 … 65535; 0 picks a free one. Default 11111.</summary>
    [Count("Port for the other silos; 0 picks a free one", 0, IPEndPoint.MaxPort, Switch = "--silo-port", NeedsRestart = true)]
    public int SiloPort { get; init; } = 11111;

    /// <summary>0 … 65535; 0 picks a free one. Default 30000.</summary>
    [Count("Port for calls of the edges; 0 picks a free one", 0, IPEndPoint.MaxPort, Switch = "--gateway-port", NeedsRestart = true)]
    public int GatewayPort { get; init; } = 30000;

    /// <summary>0 … 65535; 0 picks a free one. Default 30001.</summary>
    [Count("Port for content that edges read; 0 picks a free one", 0, IPEndPoint.MaxPort, Switch = "--content-port", NeedsRestart = true)]
    public int ContentPort { get; init; } = 30001;

    /// <summary>Default the address from which Redis is reached; loopback when embedded.</summary>
    [Address("Address under which the others reach this process", Switch = "--advertise", NeedsRestart = true,
        DefaultText = "the address from which Redis is reached: loopback where Redis is on this machine; loopback when embedded")]
    public IPAddress? AdvertisedIP { get; init; }

    public TlsSettings Tls { get; init; } = new();

    /// <summary>0 … 1 hour. Default 30 s. Longer than that a stopping silo does not take to hand over what it keeps.</summary>
    [Duration("Time that a stopping silo has to hand over what it keeps", "0", "1h", NeedsRestart = true)]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes; 0 … 64 KiB. Default 32 KiB, where measured the way by the content port begins to cost less.</summary>
    [Size("Largest content that a silo puts into its answer; an edge reads larger content over the content port", "0B", "64KiB")]
    public long InlineContent { get; init; } = 32 << 10;

    /// <summary>0 … 2. Default 1: a silo that dies is no cold start for what is popular.</summary>
    [Count("Silos beside the owner that keep copies of popular responses", 0, 2)]
    public int Copies { get; init; } = 1;

    /// <summary>1 … 1,000,000. Default 2.</summary>
    [Count("Reuses after which a stored response is copied", 1, 1_000_000)]
    public int CopyAfterHits { get; init; } = 2;
}
