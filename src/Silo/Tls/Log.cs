using Microsoft.Extensions.Logging;

namespace Granary.Silo.Tls;

internal static partial class Log
{
    [LoggerMessage(120, LogLevel.Information, "Certificate in {File} is shown from now on; it is valid until {Expires:u}", EventName = nameof(CertificateTaken))]
    public static partial void CertificateTaken(this ILogger logger, string file, DateTimeOffset expires);

    [LoggerMessage(121, LogLevel.Warning, "Certificate in {File} is valid only from {Begins:u} to {Expires:u}: clients will not accept it", EventName = nameof(CertificateOutOfDate))]
    public static partial void CertificateOutOfDate(this ILogger logger, string file, DateTime begins, DateTimeOffset expires);

    [LoggerMessage(122, LogLevel.Warning, "Certificate in {File} does not have the name {Host}: clients that ask for it will not accept it", EventName = nameof(CertificateWithoutName))]
    public static partial void CertificateWithoutName(this ILogger logger, string file, string host);

    [LoggerMessage(123, LogLevel.Warning, "Certificate kept as it was; in {File} there should be {Remedy}", EventName = nameof(CertificateKept))]
    public static partial void CertificateKept(this ILogger logger, string file, string remedy);

    [LoggerMessage(124, LogLevel.Debug, "Connection {ConnectionId} closed before its handshake: too many are under way", EventName = nameof(TooManyHandshakes))]
    public static partial void TooManyHandshakes(this ILogger logger, string connectionId);
}
