namespace Granary.Edge.Maintenance;

internal static partial class Log
{
    [LoggerMessage(340, LogLevel.Information, "Maintenance mode was switched and is on: {IsOn}", EventName = nameof(MaintenanceSwitched))]
    public static partial void MaintenanceSwitched(this ILogger logger, bool isOn);
}
