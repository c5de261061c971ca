namespace Granary.Grains.Origin;

/// <summary>What is said of a fault: the status for the client, the error type of RFC 9209 §2.3 where one exists, the stage and a sentence.</summary>
internal sealed record OriginErrorTraits(int Status, string Token, OriginStage Stage, string Sentence)
{
    public static OriginErrorTraits Of(OriginFault fault) => fault switch
    {
        OriginFault.DestinationRefused => DestinationRefused,
        OriginFault.NameNotResolved => NameNotResolved,
        OriginFault.ConnectionRefused => ConnectionRefused,
        OriginFault.Unreachable => Unreachable,
        OriginFault.ConnectTimedOut => ConnectTimedOut,
        OriginFault.TlsFailed => TlsFailed,
        OriginFault.CertificateRefused => CertificateRefused,
        OriginFault.RequestNotSent => RequestNotSent,
        OriginFault.HeadTimedOut => HeadTimedOut,
        OriginFault.ClosedBeforeHead => ClosedBeforeHead,
        OriginFault.Malformed => Malformed,
        OriginFault.HeadTooLarge => HeadTooLarge,
        OriginFault.ContentIncomplete => ContentIncomplete,
        OriginFault.ContentIdle => ContentIdle,
        OriginFault.ContentTooSlow => ContentTooSlow,
        OriginFault.TooManyConnections => TooManyConnections,
        OriginFault.NoDestination => NoDestination,
        OriginFault.Busy => Busy,
        OriginFault.LeftAlone => LeftAlone,
        OriginFault.SourceUnusable => SourceUnusable,
        OriginFault.ParentsUnavailable => ParentsUnavailable,
        OriginFault.ParentRefused => ParentRefused,
        _ => Internal,   // also a fault that only a newer silo knows
    };

    private static readonly OriginErrorTraits DestinationRefused = new(403, "destination_ip_prohibited", OriginStage.Access, "The destination is refused by policy.");
    private static readonly OriginErrorTraits NameNotResolved = new(502, "dns_error", OriginStage.Resolve, "The origin's name could not be resolved.");
    private static readonly OriginErrorTraits ConnectionRefused = new(502, "connection_refused", OriginStage.Connect, "The origin refused the connection.");
    private static readonly OriginErrorTraits Unreachable = new(502, "destination_ip_unroutable", OriginStage.Connect, "The origin could not be reached.");
    private static readonly OriginErrorTraits ConnectTimedOut = new(504, "connection_timeout", OriginStage.Connect, "The origin did not accept the connection in time.");
    private static readonly OriginErrorTraits TlsFailed = new(502, "tls_protocol_error", OriginStage.Secure, "The TLS handshake with the origin failed.");
    private static readonly OriginErrorTraits CertificateRefused = new(502, "tls_certificate_error", OriginStage.Secure, "The origin's certificate is not accepted.");
    private static readonly OriginErrorTraits RequestNotSent = new(502, "connection_write_error", OriginStage.Request, "The request could not be sent to the origin whole.");
    private static readonly OriginErrorTraits HeadTimedOut = new(504, "http_response_timeout", OriginStage.Head, "The origin did not answer in time.");
    private static readonly OriginErrorTraits ClosedBeforeHead = new(502, "connection_terminated", OriginStage.Head, "The origin closed the connection before it answered.");
    private static readonly OriginErrorTraits Malformed = new(502, "http_protocol_error", OriginStage.Head, "The origin's answer is not well-formed HTTP.");
    private static readonly OriginErrorTraits HeadTooLarge = new(502, "http_response_header_section_size", OriginStage.Head, "The head of the origin's answer is too large.");
    private static readonly OriginErrorTraits ContentIncomplete = new(502, "http_response_incomplete", OriginStage.Content, "The origin's answer ended early.");
    private static readonly OriginErrorTraits ContentIdle = new(504, "connection_read_timeout", OriginStage.Content, "The origin's answer stopped arriving.");
    private static readonly OriginErrorTraits ContentTooSlow = new(504, "http_response_too_slow", OriginStage.Content, "The origin's answer arrived too slowly.");
    private static readonly OriginErrorTraits TooManyConnections = new(503, "connection_limit_reached", OriginStage.Connect, "Too many connections to the origin are in use.");
    private static readonly OriginErrorTraits NoDestination = new(503, "destination_unavailable", OriginStage.Connect, "No origin is available at present.");
    private static readonly OriginErrorTraits Busy = new(503, "origin_busy", OriginStage.Connect, "Too many requests wait for the origin.");
    private static readonly OriginErrorTraits LeftAlone = new(503, "origin_failing", OriginStage.Connect, "The origin has failed too often and is left alone for a while.");
    private static readonly OriginErrorTraits SourceUnusable = new(500, "proxy_configuration_error", OriginStage.Connect, "The proxy cannot use the address that it is told to connect from.");
    private static readonly OriginErrorTraits ParentsUnavailable = new(502, "parent_unavailable", OriginStage.Connect, "The next proxy on the way cannot be used.");
    private static readonly OriginErrorTraits ParentRefused = new(502, "parent_refused", OriginStage.Connect, "The next proxy on the way refused.");
    private static readonly OriginErrorTraits Internal = new(502, "proxy_internal_error", OriginStage.Internal, "The request could not be forwarded.");
}
