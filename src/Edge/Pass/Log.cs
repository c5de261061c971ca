namespace Granary.Edge.Pass;

internal static partial class Log
{
    [LoggerMessage(330, LogLevel.Warning, "An unsafe request succeeded, but not every silo acknowledged the invalidation of its {Count} URLs", EventName = nameof(InvalidationNotSure))]
    public static partial void InvalidationNotSure(this ILogger logger, int count);
}
