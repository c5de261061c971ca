namespace Granary.Edge.Users;

internal static partial class Log
{
    [LoggerMessage(640, LogLevel.Information, "{Count} users are known by password", EventName = nameof(UsersTaken))]
    public static partial void UsersTaken(this ILogger logger, int count);

    [LoggerMessage(641, LogLevel.Warning, "{File} is not as it has to be: users and groups stay as they were", EventName = nameof(UsersKept))]
    public static partial void UsersKept(this ILogger logger, string file);

    [LoggerMessage(642, LogLevel.Information, "{Count} keys verify tokens", EventName = nameof(TokenKeysTaken))]
    public static partial void TokenKeysTaken(this ILogger logger, int count);

    [LoggerMessage(643, LogLevel.Warning, "The keys of tokens cannot be had, and stay as they were: {Why}", EventName = nameof(TokenKeysAway))]
    public static partial void TokenKeysAway(this ILogger logger, string why);
}
