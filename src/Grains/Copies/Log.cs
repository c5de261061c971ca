namespace Granary.Grains.Copies;

internal static partial class Log
{
    [LoggerMessage(260, LogLevel.Debug, "Copy of {Uri} came in: {Outcome}", EventName = nameof(CopyCameIn))]
    public static partial void CopyCameIn(this ILogger logger, string uri, string outcome);

    [LoggerMessage(261, LogLevel.Debug, "Copy of {Uri} broke on its way in", EventName = nameof(CopyBroke))]
    public static partial void CopyBroke(this ILogger logger, string uri, Exception exception);

    [LoggerMessage(262, LogLevel.Debug, "Copy of {Uri} offered to silo {Name}: {Outcome}", EventName = nameof(CopyOffered))]
    public static partial void CopyOffered(this ILogger logger, string uri, string name, string outcome);

    [LoggerMessage(263, LogLevel.Debug, "Silo {Name} did not answer about copies of {Uri}", EventName = nameof(FellowIsSilent))]
    public static partial void FellowIsSilent(this ILogger logger, string name, string uri);

    [LoggerMessage(264, LogLevel.Information, "Handed over {Given} stored responses ({Bytes} bytes) in {Duration}; {There} were there already, {Refused} not taken, {Left} not offered in time", EventName = nameof(HandedOver))]
    public static partial void HandedOver(this ILogger logger, int given, long bytes, TimeSpan duration, int there, int refused, int left);

    [LoggerMessage(265, LogLevel.Information, "After a change of members: {Given} stored responses given to those who own them now, {Dropped} dropped here", EventName = nameof(Rebalanced))]
    public static partial void Rebalanced(this ILogger logger, int given, int dropped);

    [LoggerMessage(266, LogLevel.Error, "Placing stored responses after a change of members broke; the next change begins it again", EventName = nameof(PlacingBroke))]
    public static partial void PlacingBroke(this ILogger logger, Exception exception);
}
