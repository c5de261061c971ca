using System.Net;

namespace Granary.Silo.Hosting;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "Granary silo {Name} at {Address}: silo port {SiloPort}, gateway port {GatewayPort}, content port {ContentPort}", EventName = nameof(SiloStarted))]
    public static partial void SiloStarted(this ILogger logger, string name, IPAddress address, int siloPort, int gatewayPort, int contentPort);

    [LoggerMessage(501, LogLevel.Information, "Health, metrics and administration on {Url}; {MemoryMiB} MiB of memory for stored responses", EventName = nameof(AdminStarted))]
    public static partial void AdminStarted(this ILogger logger, string url, long memoryMiB);

    [LoggerMessage(502, LogLevel.Information, "Silo {Name} has joined cluster {Cluster} and is ready: {Count} active silos", EventName = nameof(Joined))]
    public static partial void Joined(this ILogger logger, string name, string cluster, int count);

    [LoggerMessage(503, LogLevel.Information, "Silo {Name} is stopping: no longer ready, hands over and leaves", EventName = nameof(Stopping))]
    public static partial void Stopping(this ILogger logger, string name);

    [LoggerMessage(504, LogLevel.Information, "Silo {Name} has left cluster {Cluster}", EventName = nameof(Left))]
    public static partial void Left(this ILogger logger, string name, string cluster);
}
