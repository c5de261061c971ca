namespace Granary.Edge.Hosting;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Granary listens on {Urls} as a reverse proxy of {Origin}", EventName = nameof(ReverseProxyStarted))]
    public static partial void ReverseProxyStarted(this ILogger logger, string urls, string origin);

    [LoggerMessage(101, LogLevel.Information, "Granary listens on {Urls} as a forward proxy for clients in {Clients}", EventName = nameof(ForwardProxyStarted))]
    public static partial void ForwardProxyStarted(this ILogger logger, string urls, string clients);

    [LoggerMessage(102, LogLevel.Information, "Health, metrics and administration on {Url}; {MemoryMiB} MiB of memory for stored responses", EventName = nameof(AdminStarted))]
    public static partial void AdminStarted(this ILogger logger, string url, long memoryMiB);

    [LoggerMessage(103, LogLevel.Information, "Granary is stopping: no new connections, requests under way are finished", EventName = nameof(Stopping))]
    public static partial void Stopping(this ILogger logger);
}
