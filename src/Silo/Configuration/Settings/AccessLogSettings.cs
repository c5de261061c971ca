using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>A line for each request and each tunnel.</summary>
public sealed record AccessLogSettings
{
    /// <summary>Default none: there is no access log.</summary>
    [LogPath("Where a line is written for each request and each tunnel", NeedsRestart = true)]
    public string? Path { get; init; }

    /// <summary>Default Json.</summary>
    [OneOf("How a line looks: a JSON object, Apache's combined format, or Squid's own", typeof(AccessLogFormat))]
    public AccessLogFormat Format { get; init; }

    /// <summary>Default true.</summary>
    [Flag("Whether the query of a URL is written")]
    public bool Query { get; init; } = true;

    /// <summary>Default false.</summary>
    [Flag("Whether a tunnel has a line when it opens as well; only with Json")]
    public bool Opens { get; init; }

    /// <summary>Bytes; 0 … 1024 GiB. Default 0: whoever rotates it may rename it, a new one is made.</summary>
    [Size("Size at which the file is renamed to FILE.1 and a new one begun; 0B is never", "0B", "1024GiB")]
    public long MaxSize { get; init; }

    /// <summary>1 … 1,000. Default 5.</summary>
    [Count("Files that are kept beside the one that is written, with MaxSize", 1, 1000)]
    public int Keep { get; init; } = 5;

    /// <summary>16 … 1,000,000. Default 8,192.</summary>
    [Count("Lines that may wait to be written; what comes beyond is not written, and counted", 16, 1_000_000, NeedsRestart = true)]
    public int Queue { get; init; } = 8192;
}

/// <summary>How a line of the access log looks.</summary>
public enum AccessLogFormat
{
    Json,

    /// <summary>Of Apache and nginx.</summary>
    Combined,

    /// <summary>access.log of Squid.</summary>
    Squid,
}
