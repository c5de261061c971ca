namespace Granary.Grains.Fences;

internal static partial class Log
{
    [LoggerMessage(290, LogLevel.Warning, "Silo {Name} does not answer an invalidation: it is fenced, and answers nothing from what it keeps until it has heard it", EventName = nameof(SiloFenced))]
    public static partial void SiloFenced(this ILogger logger, string name);

    [LoggerMessage(291, LogLevel.Debug, "Silo {Silo} cannot be fenced now ({Fault}): it is told again", EventName = nameof(CannotFence))]
    public static partial void CannotFence(this ILogger logger, string silo, string fault);

    [LoggerMessage(292, LogLevel.Warning, "This silo was fenced: it has heard {Count} invalidations that it had missed", EventName = nameof(CaughtUp))]
    public static partial void CaughtUp(this ILogger logger, int count);

    [LoggerMessage(293, LogLevel.Warning, "Nobody can tell any more which invalidations this silo missed: all that it keeps is taken for outdated", EventName = nameof(MissedEverything))]
    public static partial void MissedEverything(this ILogger logger);

    [LoggerMessage(294, LogLevel.Debug, "No look at the fences in Redis ({Fault})", EventName = nameof(CannotLook))]
    public static partial void CannotLook(this ILogger logger, string fault);

    [LoggerMessage(295, LogLevel.Debug, "Registered with the fences, as {Life}", EventName = nameof(Registered))]
    public static partial void Registered(this ILogger logger, string life);

    [LoggerMessage(296, LogLevel.Warning, "Neither Redis nor the other silos tell what this one may have missed: it answers nothing from what it keeps", EventName = nameof(LostMandate))]
    public static partial void LostMandate(this ILogger logger);

    [LoggerMessage(297, LogLevel.Information, "This silo answers from what it keeps again: it has missed nothing", EventName = nameof(HasMandate))]
    public static partial void HasMandate(this ILogger logger);
}
