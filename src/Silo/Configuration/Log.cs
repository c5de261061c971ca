using Microsoft.Extensions.Logging;

namespace Granary.Silo.Configuration;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Settings read again from {File}", EventName = nameof(SettingsReloaded))]
    public static partial void SettingsReloaded(this ILogger logger, string file);

    [LoggerMessage(101, LogLevel.Warning, "Settings kept as they were; in {File}: {Mistake}", EventName = nameof(SettingsKept))]
    public static partial void SettingsKept(this ILogger logger, string file, string mistake);

    [LoggerMessage(102, LogLevel.Warning, "{Key} has changed and will hold after a restart", EventName = nameof(SettingNeedsRestart))]
    public static partial void SettingNeedsRestart(this ILogger logger, string key);

    [LoggerMessage(103, LogLevel.Error, "Settings read again from {File} were not taken by everybody", EventName = nameof(SettingsNotTaken))]
    public static partial void SettingsNotTaken(this ILogger logger, Exception exception, string file);
}
