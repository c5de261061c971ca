using System.Net.Sockets;
using System.Security.Authentication;
using Granary.Grains.Origin.Addresses;
using Granary.Grains.Origin.Wire;
using Granary.Semantics.Framing;

namespace Granary.Grains.Origin;

/// <summary>
/// From timers and exceptions to faults. A type that names the cause decides wherever in the chain it stands; else the outermost that tells
/// anything, since a reset during the TLS handshake is a failed handshake, and plain I/O trouble is looked at last.
/// </summary>
internal static class OriginErrorReading
{
    public static OriginError? OfTimer(OriginTimer fired) => fired switch
    {
        OriginTimer.Connect => new(OriginFault.ConnectTimedOut),
        OriginTimer.Head => new(OriginFault.HeadTimedOut),
        OriginTimer.Idle => new(OriginFault.ContentIdle),
        OriginTimer.Rate => new(OriginFault.ContentTooSlow),
        _ => null,
    };

    public static OriginError OfException(Exception exception, bool headReceived) =>
        FirstInChain(exception, Named)
        ?? FirstInChain(exception, e => Told(e, headReceived))
        ?? FirstInChain(exception, e => e is IOException ? Cut(headReceived) : null)
        ?? FirstInChain(exception, e => e is HttpRequestException ? new OriginError(OriginFault.Unreachable) : null)
        ?? new OriginError(OriginFault.Internal);

    private static OriginError? FirstInChain(Exception exception, Func<Exception, OriginError?> read)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is AggregateException several) return several.InnerExceptions.Select(one => FirstInChain(one, read)).FirstOrDefault(static found => found is not null);
            if (read(e) is { } found) return found;
        }

        return null;
    }

    private static OriginError? Named(Exception exception) => exception switch
    {
        OriginConnectException e => new(OfConnect(e.Fault), e.Tried),
        OriginProtocolException e => OfViolation(e.Violation),
        ContentTooSlowException => new(OriginFault.ContentTooSlow),
        // SocketsHttpHandler.ConnectTimeout, which ends the TLS handshake too, tells itself only in words.
        TimeoutException e when e.Message.Contains(nameof(SocketsHttpHandler.ConnectTimeout), StringComparison.Ordinal) => new(OriginFault.ConnectTimedOut),
        AuthenticationException e => new(IsAboutCertificate(e) ? OriginFault.CertificateRefused : OriginFault.TlsFailed),
        _ => null,
    };

    private static OriginError OfViolation(FramingViolation violation) => violation is FramingViolation.HeadTooLarge or FramingViolation.TooManyFields
        ? new(OriginFault.HeadTooLarge)
        : new(OriginFault.Malformed, violation.ToString());

    private static OriginError? Told(Exception exception, bool headReceived) => exception switch
    {
        HttpIOException e => OfHttp(e.HttpRequestError, headReceived),
        HttpRequestException e => OfHttp(e.HttpRequestError, headReceived),
        SocketException e => OfSocket(e, headReceived),
        OriginClosedException => Cut(headReceived),
        TimeoutException => new(headReceived ? OriginFault.ContentIdle : OriginFault.HeadTimedOut),
        _ => null,
    };

    private static OriginError? OfHttp(HttpRequestError error, bool headReceived) => error switch
    {
        HttpRequestError.NameResolutionError => new(OriginFault.NameNotResolved),
        HttpRequestError.SecureConnectionError => new(OriginFault.TlsFailed),
        HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError
            or HttpRequestError.ExtendedConnectNotSupported => new(OriginFault.Malformed),
        HttpRequestError.ResponseEnded => Cut(headReceived),
        HttpRequestError.ConfigurationLimitExceeded => new(OriginFault.HeadTooLarge),
        _ => null,   // ConnectionError and Unknown: what is inside tells more
    };

    private static OriginError OfSocket(SocketException e, bool headReceived) => e.SocketErrorCode switch
    {
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.OperationAborted => Cut(headReceived),
        _ => new(OfConnect(GuardedConnect.FaultOf(e))),
    };

    private static OriginError Cut(bool headReceived) => new(headReceived ? OriginFault.ContentIncomplete : OriginFault.ClosedBeforeHead);

    private static OriginFault OfConnect(ConnectFault fault) => fault switch
    {
        ConnectFault.DestinationRefused => OriginFault.DestinationRefused,
        ConnectFault.NameNotResolved => OriginFault.NameNotResolved,
        ConnectFault.ConnectionRefused => OriginFault.ConnectionRefused,
        ConnectFault.ConnectTimedOut => OriginFault.ConnectTimedOut,
        ConnectFault.SourceUnusable => OriginFault.SourceUnusable,
        ConnectFault.ParentsUnavailable => OriginFault.ParentsUnavailable,
        ConnectFault.ParentRefused => OriginFault.ParentRefused,
        _ => OriginFault.Unreachable,
    };

    // SslStream has no type of its own for a certificate that was turned down; it says so only in words.
    private static bool IsAboutCertificate(AuthenticationException e) => e.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase);
}
