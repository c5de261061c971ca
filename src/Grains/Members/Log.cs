namespace Granary.Grains.Members;

internal static partial class Log
{
    [LoggerMessage(240, LogLevel.Debug, "Silo {Name} did not acknowledge; it is told again while it is a member", EventName = nameof(MemberDidNotAcknowledge))]
    public static partial void MemberDidNotAcknowledge(this ILogger logger, string name);

    [LoggerMessage(241, LogLevel.Debug, "The owner of {Uri} does not answer; this silo stands in", EventName = nameof(StandsIn))]
    public static partial void StandsIn(this ILogger logger, string uri);
}
