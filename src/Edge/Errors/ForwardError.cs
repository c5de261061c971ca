using System.Collections.Immutable;
using Granary.Edge.Access;
using Granary.Grains.Origin;

namespace Granary.Edge.Errors;

/// <summary>
/// Why a request gets an answer of ours instead of the one it asked for. A closed set: each case has the status for the client, a stable
/// token (RFC 9209 §2.3 where that has one) for <c>Cache-Status</c>, log and metric, and the stage that failed. No text in it comes from
/// the client or names an inner address.
/// </summary>
public abstract record ForwardError
{
    public static readonly ForwardError HeadTooLarge = new Local(431, "request_head_too_large", ErrorStage.Request, "The head of the request is too large.");
    public static readonly ForwardError ContentTooLarge = new Local(413, "request_content_too_large", ErrorStage.Request, "The content of the request is too large.");
    public static readonly ForwardError RequestTimedOut = new Local(408, "request_timeout", ErrorStage.Request, "The request did not arrive in time.");
    public static readonly ForwardError NotImplemented = new Local(501, "not_implemented", ErrorStage.Route, "This proxy does not serve requests of that kind.");
    public static readonly ForwardError PortRefused = new Local(403, "destination_port_refused", ErrorStage.Access, "Tunnels to that port are not allowed.");
    public static readonly ForwardError NoRoute = new Local(404, "destination_not_found", ErrorStage.Route, "No route leads anywhere for this request.");
    public static readonly ForwardError LoopDetected = new Local(508, "proxy_loop_detected", ErrorStage.Route, "The request has passed this proxy before.");
    public static readonly ForwardError Misdirected = new Local(421, "misdirected_request", ErrorStage.Route, "The request is for another site than the tunnel that it came by.");
    public static readonly ForwardError NotInspectable = new Local(403, "tunnel_not_inspectable", ErrorStage.Access, "The tunnel has to be inspected, and cannot be.");
    public static readonly ForwardError RouteTimedOut = new Local(504, "route_timeout", ErrorStage.Route, "The request took longer than its route allows.");
    public static readonly ForwardError NotStored = new Local(504, "only_if_cached", ErrorStage.Cache, "There is no stored response that may be reused, and the request asks for nothing else.");
    public static readonly ForwardError TooManyWaiters = new Local(503, "too_many_waiters", ErrorStage.Cache, "Too many requests wait for the same response.") { RetryAfter = 1 };
    public static readonly ForwardError ClusterAway = new Local(503, "cluster_unavailable", ErrorStage.Cache, "The cache is not available.") { RetryAfter = 2 };
    public static readonly ForwardError Overloaded = new Local(503, "overloaded", ErrorStage.Internal, "The proxy has too much to do.") { RetryAfter = 2 };
    public static readonly ForwardError Draining = new Local(503, "draining", ErrorStage.Internal, "The proxy is about to stop.") { RetryAfter = 1 };

    /// <summary>For logs and metrics; nobody is there to be answered.</summary>
    public static readonly ForwardError ClientGone = new Local(499, "client_gone", ErrorStage.Client, "The client left before the answer was complete.");
    public static readonly ForwardError Internal = new Local(500, "proxy_internal_error", ErrorStage.Internal, "The proxy made a mistake.");

    private ForwardError(int status, string token, ErrorStage stage, string sentence) =>
        (Status, Token, Stage, Sentence) = (status, token, stage, sentence);

    public int Status { get; }

    public string Token { get; }

    public ErrorStage Stage { get; }

    /// <summary>One sentence for people.</summary>
    public string Sentence { get; }

    /// <summary>Seconds after which it makes sense to ask again.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>The exchange with the origin failed.</summary>
    public sealed record Origin(OriginError Error) : ForwardError(Error.Status, Error.Token, ErrorStages.Of(Error.Stage), Error.Sentence);

    /// <summary>No origin is asked for a while.</summary>
    public static ForwardError Maintenance(int seconds) => new Local(503, "maintenance", ErrorStage.Route, "The site is under maintenance.") { RetryAfter = seconds };

    /// <summary>This client may not do that.</summary>
    public sealed record ClientRefused(ClientRefusal Why) : ForwardError(403, "http_request_denied", ErrorStage.Access, Why switch
    {
        ClientRefusal.PurgeNotAllowed => "This client may not purge.",
        _ => "This client may not use the forward proxy.",
    });

    /// <summary>The client has not proved who it is. RFC 9110 §15.5.8.</summary>
    /// <param name="Challenges">What it may prove it by; nothing that the client sent.</param>
    public sealed record Unidentified(ImmutableArray<string> Challenges) : ForwardError(407, "proxy_authentication_required", ErrorStage.Access, "The forward proxy serves only clients that it knows.");

    /// <summary>A rule of the access policy denies it.</summary>
    /// <param name="Rule">What the operator calls it.</param>
    public sealed record PolicyDenied(string Rule) : ForwardError(403, "http_request_denied", ErrorStage.Access, $"The access policy does not allow this: rule {Rule}.");

    /// <summary>This client, or all together, asked more often than they may. RFC 6585 §4.</summary>
    public sealed record RateLimited : ForwardError
    {
        public RateLimited(int seconds) : base(429, "rate_limited", ErrorStage.Access, "There are too many requests.") => RetryAfter = seconds;
    }

    /// <summary>The request cannot be understood, or could be understood in two ways.</summary>
    /// <param name="Why">A sentence of ours; nothing that the client sent.</param>
    public sealed record BadRequest(string Why) : ForwardError(400, "http_request_error", ErrorStage.Request, Why);

    /// <summary>Reading the content of the request failed: it was malformed, too slow or too large, or its client left.</summary>
    public static ForwardError OfRequestContent(Exception thrown)
    {
        for (var e = thrown; e is not null; e = e.InnerException)
            if (e is BadHttpRequestException bad) return bad.StatusCode switch
            {
                413 => ContentTooLarge,
                408 => RequestTimedOut,
                _ => new BadRequest("The content of the request is malformed."),
            };
        return ClientGone;
    }

    private sealed record Local(int Code, string Name, ErrorStage Where, string Why) : ForwardError(Code, Name, Where, Why);
}
