using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Granary.Grains.Origin.Tls;

namespace Granary.Grains.Origin;

/// <summary>Limits of a request to an origin.</summary>
public sealed record FetchOptions
{
    /// <summary>Name resolution, TCP and TLS together. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request sent to the end of the final response's head. Default 30 s.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two pieces of content. Default 60 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of a response head, 1 KiB to 1 MiB. Default 64 KiB.</summary>
    [Range(1024, 1 << 20)] public int MaxHeadBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes per second content must keep on average once <see cref="MinRateGrace"/> is over, but for a stream of unknown length that is passed
    /// through to somebody. Default 240; 0 is no limit.
    /// </summary>
    public long MinRate { get; init; } = 240;

    /// <summary>How long an origin may be slower than <see cref="MinRate"/>. Default 30 s.</summary>
    public TimeSpan MinRateGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections to one origin, 1 and up. Default 1,024.</summary>
    public int MaxConnectionsPerOrigin { get; init; } = 1024;

    /// <summary>Destinations that may be tried for one request, 1 and up. Default 3.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>Statuses after which the next destination is tried. Default none.</summary>
    public ImmutableArray<int> RetryStatuses { get; init; } = [];

    /// <summary>Fetches at a time from one configured destination, by all silos together. Default 0: no limit but that of connections.</summary>
    public int MaxFetchesPerOrigin { get; init; }

    /// <summary>Fetches that may wait for their turn at one destination, in each silo. Default 1,000.</summary>
    public int MaxQueuedFetches { get; init; } = 1000;

    /// <summary>Failures in a row after which a destination of a cluster is left alone; 0: never. Default 5.</summary>
    public int CircuitFailures { get; init; } = 5;

    /// <summary>For how long. Default 5 s.</summary>
    public TimeSpan CircuitPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an idle connection is kept for the next request. Default 30 s.</summary>
    public TimeSpan PooledConnectionIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public OriginTlsOptions Tls { get; init; } = new();
}
