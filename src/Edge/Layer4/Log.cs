using System.Net;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Layer4;

internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Information, "TCP listener {Listener} on {Address} hands connections on to {Destinations}", EventName = nameof(TcpListenerStarted))]
    public static partial void TcpListenerStarted(this ILogger logger, string listener, TcpListen address, string destinations);

    [LoggerMessage(601, LogLevel.Debug, "TCP listener {Listener}: connection of {Client} to {Destination} ended: {End}; {BytesIn} bytes in, {BytesOut} out, {Duration}", EventName = nameof(ConnectionClosed))]
    public static partial void ConnectionClosed(this ILogger logger, string listener, EndPoint? client, TcpDestination destination, TunnelEnd end, long bytesIn, long bytesOut, TimeSpan duration);

    [LoggerMessage(602, LogLevel.Debug, "TCP listener {Listener}: connection of {Client} refused: {Why} {Detail}", EventName = nameof(ConnectionRefused))]
    public static partial void ConnectionRefused(this ILogger logger, string listener, EndPoint? client, TcpRefusal why, object detail);

    [LoggerMessage(603, LogLevel.Information, "TCP listener {Listener}: destination {Destination} is out after {Failures} failures in a row", EventName = nameof(DestinationOut))]
    public static partial void DestinationOut(this ILogger logger, string listener, TcpDestination destination, int failures);

    [LoggerMessage(604, LogLevel.Information, "TCP listener {Listener}: destination {Destination} is back", EventName = nameof(DestinationBack))]
    public static partial void DestinationBack(this ILogger logger, string listener, TcpDestination destination);
}
