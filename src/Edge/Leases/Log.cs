namespace Granary.Edge.Leases;

internal static partial class Log
{
    [LoggerMessage(360, LogLevel.Information, "Leased copies from silo {Name} are reused from now on", EventName = nameof(SessionBegun))]
    public static partial void SessionBegun(this ILogger logger, string name);

    [LoggerMessage(361, LogLevel.Information, "Leased copies from silo {Name} are not reused any more: the session with it is over", EventName = nameof(SessionLost))]
    public static partial void SessionLost(this ILogger logger, string name);

    [LoggerMessage(362, LogLevel.Information, "The membership table cannot be read ({Why}): without it no leased copy is reused, and owners are asked", EventName = nameof(TableUnread))]
    public static partial void TableUnread(this ILogger logger, string why);

    [LoggerMessage(363, LogLevel.Debug, "Lease of {Uri}: {Outcome}", EventName = nameof(LeaseAsked))]
    public static partial void LeaseAsked(this ILogger logger, string uri, string outcome);

    [LoggerMessage(365, LogLevel.Warning, "What was granted of {Uri} could not be taken", EventName = nameof(LeaseBroke))]
    public static partial void LeaseBroke(this ILogger logger, string uri, Exception fault);

    [LoggerMessage(364, LogLevel.Debug, "The line to silo {Name} broke ({Fault})", EventName = nameof(LineBroke))]
    public static partial void LineBroke(this ILogger logger, string name, string fault);
}
