using Granary.Semantics.CacheStatus;

namespace Granary.Edge.Delivery;

internal static partial class Log
{
    [LoggerMessage(320, LogLevel.Debug, "Request handled: {CacheStatus}", EventName = nameof(RequestHandled))]
    private static partial void Handled(ILogger logger, string cacheStatus);

    [LoggerMessage(321, LogLevel.Error, "Request broke", EventName = nameof(RequestBroke))]
    public static partial void RequestBroke(this ILogger logger, Exception exception);

    public static void RequestHandled(this ILogger logger, CacheStatus status)
    {
        if (logger.IsEnabled(LogLevel.Debug)) Handled(logger, status.ToFieldValue("granary"));
    }
}
