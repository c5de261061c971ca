namespace Granary.Edge.AccessLog;

internal static partial class Log
{
    [LoggerMessage(660, LogLevel.Warning, "{Lines} lines of the access log could not be written, and are lost: {Why}", EventName = nameof(LinesNotWritten))]
    public static partial void LinesNotWritten(this ILogger logger, int lines, string why);
}
