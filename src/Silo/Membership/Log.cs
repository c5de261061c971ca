using Orleans.Runtime;

namespace Granary.Silo.Membership;

internal static partial class Log
{
    [LoggerMessage(540, LogLevel.Warning, "Waiting for Redis at {Redis}: {Why}", EventName = nameof(WaitingForRedis))]
    public static partial void WaitingForRedis(this ILogger logger, string redis, string why);

    [LoggerMessage(541, LogLevel.Warning, "A silo named {Name} is in the membership table, at {Silo}: waiting for a sign of life from it, or its end", EventName = nameof(NamesakeFound))]
    public static partial void NamesakeFound(this ILogger logger, string name, SiloAddress silo);

    [LoggerMessage(542, LogLevel.Information, "Silo {Name} at {Silo} has joined", EventName = nameof(SiloJoined))]
    public static partial void SiloJoined(this ILogger logger, string name, SiloAddress silo);

    [LoggerMessage(543, LogLevel.Information, "Silo {Name} at {Silo} is leaving", EventName = nameof(SiloLeaves))]
    public static partial void SiloLeaves(this ILogger logger, string name, SiloAddress silo);

    [LoggerMessage(544, LogLevel.Warning, "Silo {Name} at {Silo} is dead", EventName = nameof(SiloDied))]
    public static partial void SiloDied(this ILogger logger, string name, SiloAddress silo);

    [LoggerMessage(545, LogLevel.Warning, "Redis does not give the membership table: {Why}. Members go on; nobody can join, and who dies is not declared dead", EventName = nameof(TableIsAway))]
    public static partial void TableIsAway(this ILogger logger, string why);

    [LoggerMessage(546, LogLevel.Information, "Redis gives the membership table again", EventName = nameof(TableIsBack))]
    public static partial void TableIsBack(this ILogger logger);

    [LoggerMessage(547, LogLevel.Warning, "The membership table was lost, and is put back with {Count} rows. Let Redis persist it", EventName = nameof(TablePutBack))]
    public static partial void TablePutBack(this ILogger logger, int count);

    [LoggerMessage(548, LogLevel.Warning, "This silo was away for more than 2 s: it answers nothing from its store until the membership table has confirmed it", EventName = nameof(WasAway))]
    public static partial void WasAway(this ILogger logger);

    [LoggerMessage(549, LogLevel.Information, "This silo is still a member: it answers from its store again", EventName = nameof(StillMember))]
    public static partial void StillMember(this ILogger logger);

    [LoggerMessage(551, LogLevel.Warning, "Redis answers and takes no writes: {Why}. Members go on; nobody can join, and who dies is not declared dead", EventName = nameof(TableTakesNothing))]
    public static partial void TableTakesNothing(this ILogger logger, string why);

    [LoggerMessage(552, LogLevel.Information, "Redis takes writes again", EventName = nameof(TableTakesWrites))]
    public static partial void TableTakesWrites(this ILogger logger);

    [LoggerMessage(550, LogLevel.Debug, "Membership is not confirmed: {Why}", EventName = nameof(CannotConfirm))]
    public static partial void CannotConfirm(this ILogger logger, string why);
}
