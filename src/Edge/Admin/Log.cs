namespace Granary.Edge.Admin;

internal static partial class Log
{
    [LoggerMessage(366, LogLevel.Information, "Prefetch from {Client}: {Count} URLs, {Stored} stored, {Milliseconds} ms", EventName = nameof(HasPrefetched))]
    public static partial void HasPrefetched(this ILogger logger, string client, int count, int stored, double milliseconds);
}
