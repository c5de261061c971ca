namespace Granary.Edge.Hosting;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Granary listens on {Urls} as a reverse proxy of {Origin}", EventName = nameof(ReverseProxyStarted))]
    public static partial void ReverseProxyStarted(this ILogger logger, string urls, string origin);

    [LoggerMessage(101, LogLevel.Information, "Granary listens on {Urls} as a forward proxy for clients in {Clients}", EventName = nameof(ForwardProxyStarted))]
    public static partial void ForwardProxyStarted(this ILogger logger, string urls, string clients);

    [LoggerMessage(109, LogLevel.Information, "{Count} routes lead to origins", EventName = nameof(RoutesStarted))]
    public static partial void RoutesStarted(this ILogger logger, int count);

    [LoggerMessage(102, LogLevel.Information, "Health, metrics and administration on {Url}; {MemoryMiB} MiB of memory for stored responses", EventName = nameof(AdminStarted))]
    public static partial void AdminStarted(this ILogger logger, string url, long memoryMiB);

    [LoggerMessage(108, LogLevel.Information, "Health, metrics and administration on {Url}; responses are stored by the silos of cluster {Cluster}", EventName = nameof(ClusterAdminStarted))]
    public static partial void ClusterAdminStarted(this ILogger logger, string url, string cluster);

    [LoggerMessage(103, LogLevel.Information, "Granary is stopping: no new connections, requests under way are finished", EventName = nameof(Stopping))]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(104, LogLevel.Warning, "Waiting for the cluster; requests go to the origins and nothing is stored: {Why}", EventName = nameof(WaitingForCluster))]
    public static partial void WaitingForCluster(this ILogger logger, string why);

    [LoggerMessage(105, LogLevel.Information, "Connected to cluster {Cluster}", EventName = nameof(ClusterJoined))]
    public static partial void ClusterJoined(this ILogger logger, string cluster);

    [LoggerMessage(106, LogLevel.Warning, "No silo of the cluster can be reached; requests go to the origins and nothing is stored", EventName = nameof(ClusterLost))]
    public static partial void ClusterLost(this ILogger logger);

    [LoggerMessage(107, LogLevel.Information, "Connected to the cluster again, by {Count} gateways", EventName = nameof(ClusterBack))]
    public static partial void ClusterBack(this ILogger logger, int count);

    [LoggerMessage(110, LogLevel.Information, "HTTP/3 is off: this platform has no libmsquic", EventName = nameof(Http3Off))]
    public static partial void Http3Off(this ILogger logger);
}
