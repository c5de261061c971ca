using System.Net;
using Granary.Edge.Tunnels;

namespace Granary.Edge.Inspection;

/// <summary>What is told of inspected tunnels: who, to whom and why; never what is in them.</summary>
internal static partial class Log
{
    [LoggerMessage(690, LogLevel.Debug, "Tunnel of {Client} by {Way} to {Target} is inspected, by {Protocol}", EventName = nameof(TunnelInspected))]
    public static partial void TunnelInspected(this ILogger logger, EndPoint? client, TunnelWay way, TunnelTarget target, string protocol);

    [LoggerMessage(691, LogLevel.Debug, "Tunnel of {Client} by {Way} to {Target} is not inspected: it does not begin with TLS", EventName = nameof(TunnelSpliced))]
    public static partial void TunnelSpliced(this ILogger logger, EndPoint? client, TunnelWay way, TunnelTarget target);

    [LoggerMessage(692, LogLevel.Debug, "Tunnel of {Client} by {Way} to {Target} is judged again as one to {Named}, the name in its ClientHello", EventName = nameof(TunnelNamed))]
    public static partial void TunnelNamed(this ILogger logger, EndPoint? client, TunnelWay way, TunnelTarget target, TunnelTarget named);

    [LoggerMessage(693, LogLevel.Debug, "Tunnel of {Client} by {Way} to {Target} could not be inspected: {Why}", EventName = nameof(TunnelNotInspected))]
    public static partial void TunnelNotInspected(this ILogger logger, EndPoint? client, TunnelWay way, TunnelTarget target, InspectionFault why);

    [LoggerMessage(694, LogLevel.Warning, "Client {Client} does not accept our certificate for {Target}, or left when it was shown it. Has it the authority of Granary:Inspection:Certificate? If the program knows which certificate it wants, name the host in Granary:Inspection:Except", EventName = nameof(CertificateNotAccepted))]
    public static partial void CertificateNotAccepted(this ILogger logger, EndPoint? client, TunnelTarget target);

    [LoggerMessage(695, LogLevel.Information, "Authority in {File} signs certificates of inspected hosts from now on: {Subject}, until {Expires:u}", EventName = nameof(AuthorityTaken))]
    public static partial void AuthorityTaken(this ILogger logger, string file, string subject, DateTimeOffset expires);

    [LoggerMessage(696, LogLevel.Warning, "Authority kept as it was; in {File} there should be {Remedy}", EventName = nameof(AuthorityKept))]
    public static partial void AuthorityKept(this ILogger logger, string file, string remedy);

    [LoggerMessage(697, LogLevel.Error, "No certificate could be made for {Target}", EventName = nameof(NotMinted))]
    public static partial void NotMinted(this ILogger logger, Exception why, TunnelTarget target);
}
