using Granary.Semantics.Ranges;
using Granary.Semantics.Storability;

namespace Granary.Grains.Resources;

internal static partial class Log
{
    [LoggerMessage(210, LogLevel.Debug, "Response of {Uri} not stored: {Reason}", EventName = nameof(ResponseNotStored))]
    public static partial void ResponseNotStored(this ILogger logger, string uri, NotStored reason);

    [LoggerMessage(211, LogLevel.Debug, "Response of {Uri} stored, fresh for {Lifetime}", EventName = nameof(ResponseStored))]
    public static partial void ResponseStored(this ILogger logger, string uri, TimeSpan lifetime);

    [LoggerMessage(212, LogLevel.Debug, "Stored response of {Uri} freshened for {Lifetime}", EventName = nameof(ResponseFreshened))]
    public static partial void ResponseFreshened(this ILogger logger, string uri, TimeSpan lifetime);

    [LoggerMessage(213, LogLevel.Debug, "Fetch of {Uri} failed: {Error}", EventName = nameof(FetchFailed))]
    public static partial void FetchFailed(this ILogger logger, string uri, string error);

    [LoggerMessage(214, LogLevel.Error, "Fetch of {Uri} broke", EventName = nameof(FetchBroke))]
    public static partial void FetchBroke(this ILogger logger, string uri, Exception exception);

    [LoggerMessage(215, LogLevel.Debug, "Stored responses of {Uri} invalidated: {Count}", EventName = nameof(ResponsesInvalidated))]
    public static partial void ResponsesInvalidated(this ILogger logger, string uri, int count);

    [LoggerMessage(218, LogLevel.Debug, "Stored responses of {Uri} made stale: {Count}", EventName = nameof(ResponsesOutdated))]
    public static partial void ResponsesOutdated(this ILogger logger, string uri, int count);

    [LoggerMessage(216, LogLevel.Debug, "Bytes {First} to {Last} of {CompleteLength} of {Uri} stored", EventName = nameof(PartStored))]
    public static partial void PartStored(this ILogger logger, string uri, long first, long last, long completeLength);

    [LoggerMessage(217, LogLevel.Debug, "Partial response of {Uri} not taken: {Reason}", EventName = nameof(PartNotTaken))]
    public static partial void PartNotTaken(this ILogger logger, string uri, NotAPart reason);
}
