using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Limits towards origins.</summary>
public sealed record FetchSettings
{
    /// <summary>Name resolution, connection and TLS; 10 ms … 5 min. Default 5 s.</summary>
    [Duration("Time to resolve, connect and agree on TLS", "10ms", "5m", NeedsRestart = true)]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request sent to the head of the answer; 10 ms … 1 h. Default 30 s.</summary>
    [Duration("Time until the head of the answer is there", "10ms", "1h")]
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two reads of content; 10 ms … 1 d. Default 60 s.</summary>
    [Duration("Time without a byte of content", "10ms", "1d")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes; 1 KiB … 1 MiB. Default 64 KiB.</summary>
    [Size("Largest head of an answer", "1KiB", "1MiB", NeedsRestart = true)]
    public long MaxHeadSize { get; init; } = 64 << 10;

    /// <summary>Bytes per second after <see cref="MinRateGrace"/>; 0 is no limit. Default 240.</summary>
    [Count("Slowest content in bytes per second; 0 is no limit", 0, int.MaxValue)]
    public int MinRate { get; init; } = 240;

    /// <summary>0 … 1 h. Default 30 s.</summary>
    [Duration("Time before MinRate counts", "0", "1h")]
    public TimeSpan MinRateGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests that wait for one fetch; 1 … 1,000,000. Default 10,000.</summary>
    [Count("Requests that may wait for the fetch of one URL", 1, 1_000_000)]
    public int MaxWaitersPerUrl { get; init; } = 10_000;

    /// <summary>How long a URL is remembered as not storable; 0 … 1 d. Default 120 s.</summary>
    [Duration("How long a URL is remembered as not storable, so that its requests do not wait for each other", "0", "1d")]
    public TimeSpan PassMemory { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>1 … 10. Default 3.</summary>
    [Count("Destinations of a cluster that are tried for one GET or HEAD, as long as none has answered", 1, 10)]
    public int Tries { get; init; } = 3;

    /// <summary>400 … 599. Default none.</summary>
    [Statuses("Statuses after which a fetch is tried at the next destination of its cluster")]
    public ImmutableArray<int> RetryStatuses { get; init; } = [];

    /// <summary>0 … 1,000,000; 0 is no limit. Default 0.</summary>
    [Count("Fetches at a time from one configured destination, by all silos together; 0 is no limit but that of connections", 0, 1_000_000)]
    public int MaxFetchesPerOrigin { get; init; }

    /// <summary>0 … 1,000,000. Default 1,000.</summary>
    [Count("Fetches that may wait in a silo for their turn at one destination; more fail at once", 0, 1_000_000)]
    public int MaxQueuedFetches { get; init; } = 1000;

    /// <summary>0 … 1,000; 0 is never. Default 5.</summary>
    [Count("Times in a row a destination of a cluster may not be reached before silos leave it alone; 0 is never", 0, 1000)]
    public int CircuitFailures { get; init; } = 5;

    /// <summary>10 ms … 1 h. Default 5 s.</summary>
    [Duration("How long they leave it alone before one fetch tries again", "10ms", "1h")]
    public TimeSpan CircuitPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>1 … 65,535. Default 512.</summary>
    [Count("Connections to one origin", 1, 65_535, NeedsRestart = true)]
    public int MaxConnectionsPerOrigin { get; init; } = 512;

    public OriginTlsSettings Tls { get; init; } = new();
}
