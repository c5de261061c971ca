namespace Granary.Silo.Drain;

internal static partial class Log
{
    [LoggerMessage(520, LogLevel.Information, "Draining, {Step}: done after {Milliseconds} ms", EventName = nameof(StepDone))]
    public static partial void StepDone(this ILogger logger, string step, long milliseconds);

    [LoggerMessage(521, LogLevel.Warning, "Draining, {Step}: not finished within Granary:Cluster:DrainTimeout", EventName = nameof(StepCutShort))]
    public static partial void StepCutShort(this ILogger logger, string step);

    [LoggerMessage(522, LogLevel.Warning, "Draining, {Step}: left out, Granary:Cluster:DrainTimeout is over", EventName = nameof(StepLeftOut))]
    public static partial void StepLeftOut(this ILogger logger, string step);

    [LoggerMessage(523, LogLevel.Warning, "Draining, {Step}: failed", EventName = nameof(StepFailed))]
    public static partial void StepFailed(this ILogger logger, Exception exception, string step);
}
