namespace Granary.Edge.Owners;

internal static partial class Log
{
    [LoggerMessage(322, LogLevel.Debug, "The owner of a URI did not answer ({Fault})", EventName = nameof(OwnerDidNotAnswer))]
    public static partial void OwnerDidNotAnswer(this ILogger logger, string fault);

    [LoggerMessage(323, LogLevel.Warning, "Silo {Name} does not answer; its URLs are asked of others", EventName = nameof(OwnerIsDoubted))]
    public static partial void OwnerIsDoubted(this ILogger logger, string name);

    [LoggerMessage(324, LogLevel.Information, "Silo {Name} answers again", EventName = nameof(OwnerIsTrusted))]
    public static partial void OwnerIsTrusted(this ILogger logger, string name);
}
