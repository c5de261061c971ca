namespace Granary.Edge.ProxyProtocol;

internal static partial class Log
{
    [LoggerMessage(120, LogLevel.Debug, "Connection {ConnectionId} closed, PROXY header: {Why}", EventName = nameof(ConnectionRefused))]
    public static partial void ConnectionRefused(this ILogger logger, string connectionId, ProxyFault why);
}
