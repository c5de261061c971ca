namespace Granary.Silo.Logging;

internal static partial class Log
{
    [LoggerMessage(110, LogLevel.Warning, "{Count} lines like the next one were left out: {Event}", EventName = nameof(LinesLeftOut))]
    public static partial void LinesLeftOut(this ILogger logger, long count, string @event);
}
