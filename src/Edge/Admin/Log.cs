namespace Granary.Edge.Admin;

internal static partial class Log
{
    [LoggerMessage(366, LogLevel.Information, "Prefetch from {Client}: {Count} URLs, {Stored} stored, {Milliseconds} ms", EventName = nameof(HasPrefetched))]
    public static partial void HasPrefetched(this ILogger logger, string client, int count, int stored, double milliseconds);

    [LoggerMessage(367, LogLevel.Error, "A prefetch broke", EventName = nameof(PrefetchBroke))]
    public static partial void PrefetchBroke(this ILogger logger, Exception broken);
}
