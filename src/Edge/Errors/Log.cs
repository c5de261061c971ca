namespace Granary.Edge.Errors;

internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Debug, "Request failed: {Error} at stage {Stage}, status {Status}", EventName = nameof(RequestFailed))]
    public static partial void RequestFailed(this ILogger logger, string error, ErrorStage stage, int status);
}
