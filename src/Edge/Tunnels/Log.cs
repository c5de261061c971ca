using System.Net;
using Granary.Edge.Layer4;

namespace Granary.Edge.Tunnels;

internal static partial class Log
{
    [LoggerMessage(620, LogLevel.Debug, "Tunnel of {Client} by {Way} to {Target} is open", EventName = nameof(TunnelOpened))]
    public static partial void TunnelOpened(this ILogger logger, EndPoint? client, TunnelWay way, TunnelTarget target);

    [LoggerMessage(622, LogLevel.Debug, "Datagrams of {Client} are relayed at {Relay}", EventName = nameof(UdpOpened))]
    public static partial void UdpOpened(this ILogger logger, EndPoint? client, EndPoint relay);

    [LoggerMessage(623, LogLevel.Debug, "Datagrams of {Client} are relayed no more: {BytesIn} bytes in, {BytesOut} out", EventName = nameof(UdpClosed))]
    public static partial void UdpClosed(this ILogger logger, EndPoint? client, long bytesIn, long bytesOut);

    [LoggerMessage(621, LogLevel.Debug, "Tunnel of {Client} by {Way} to {Target} ended: {End}; {BytesIn} bytes in, {BytesOut} out, {Duration}", EventName = nameof(TunnelClosed))]
    public static partial void TunnelClosed(this ILogger logger, EndPoint? client, TunnelWay way, TunnelTarget target, TunnelEnd end, long bytesIn, long bytesOut, TimeSpan duration);
}
