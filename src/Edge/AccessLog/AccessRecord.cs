using System.Net;
using Granary.Edge.Errors;
using Granary.Edge.Layer4;
using Granary.Edge.Routing;
using Granary.Edge.Tunnels;
using Granary.Edge.Users;
using Granary.Semantics.CacheStatus;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.AccessLog;

/// <summary>
/// What a line of the access log tells of one request or tunnel. It is filled in on the way, by whoever knows, and not touched any more once it is handed over. As it comes from the client: it is written by
/// formats that escape it.
/// </summary>
internal sealed record AccessRecord
{
    public required DateTimeOffset Time { get; init; }

    public required long Begun { get; init; }

    public IPAddress? Client { get; set; }

    public string? User { get; set; }

    public string Method { get; set; } = "CONNECT";

    /// <summary>Where the target says it: as absolute-form or authority-form; else null, and the host says it.</summary>
    public string? Target { get; set; }

    public string? Host { get; set; }

    public string? Scheme { get; set; }

    public string Protocol { get; set; } = "HTTP/1.1";

    public int Status { get; set; }

    /// <summary>Content that went to the client; of a tunnel all that did.</summary>
    public long Bytes { get; set; }

    /// <summary>Of a tunnel: what came from the client.</summary>
    public long? BytesIn { get; set; }

    public TimeSpan Duration { get; set; }

    public CacheStatus? Cache { get; set; }

    /// <summary>The name of the rule of the access policy that decided.</summary>
    public string? Rule { get; set; }

    /// <summary>Where it went on to, host and port; for a tunnel the address.</summary>
    public string? From { get; set; }

    /// <summary>That is an origin of the reverse proxy.</summary>
    public bool IsReverse { get; set; }

    /// <summary>The word for why it failed.</summary>
    public string? Error { get; private set; }

    /// <summary>It may not do that.</summary>
    public bool IsDenied { get; private set; }

    public string? ContentType { get; set; }

    public string? Referer { get; set; }

    public string? UserAgent { get; set; }

    /// <summary>It is a tunnel that was opened here, or a request in one.</summary>
    public bool IsInspected { get; set; }

    /// <summary>The client did not get all, or was cut.</summary>
    public bool IsAborted { get; set; }

    public TunnelWay? Way { get; set; }

    public TunnelEnd? End { get; set; }

    /// <summary>A tunnel of which there will be another line.</summary>
    public bool IsOpening { get; init; }

    /// <summary>Null where nothing is written.</summary>
    public static AccessRecord? Of(HttpContext context) => context.Features.Get<AccessRecord>();

    /// <summary>About how much it keeps while it waits, in characters.</summary>
    public int Weight => 256 + (Target?.Length ?? 0) + (Referer?.Length ?? 0) + (UserAgent?.Length ?? 0);

    public void Fail(ForwardError why)
    {
        (Error, IsDenied, Status) = (why.Token, why.Stage is ErrorStage.Access, why.Status);
        if (why is ForwardError.PolicyDenied(var rule)) Rule = rule;
    }

    public void GoTo(Destination.Origin destination) => GoTo(destination.Route.Destination, destination.IsReverse);

    /// <param name="prefix">Scheme and authority of where it goes.</param>
    public void GoTo(string prefix, bool isReverse)
    {
        var begin = prefix.IndexOf("://", StringComparison.Ordinal) is >= 0 and var colon ? colon + 3 : 0;
        (From, IsReverse) = (prefix.IndexOf('/', begin) is >= 0 and var end ? prefix[begin..end] : prefix[begin..], isReverse);
    }

    public void Begin(HttpContext context)
    {
        var request = context.Request;
        (Method, Target, Host, Scheme, Protocol) = (request.Method, context.Features.Get<IHttpRequestFeature>()?.RawTarget, request.Host.Value, request.Scheme, request.Protocol);
        if (string.IsNullOrEmpty(Target)) Target = Host; // CONNECT over HTTP/2 has none
        // What waits to be written is bounded; credentials go before the rest is cut off.
        if (Target?.Length > LoggedUrl.Longest) Target = LoggedUrl.Of(Target, withQuery: true);
        if (request.Headers.Referer.ToString() is { Length: > 0 } referer) Referer = LoggedUrl.Of(referer, withQuery: true);
        if (request.Headers.UserAgent.ToString() is { Length: > 0 } agent) UserAgent = LoggedUrl.Bounded(agent);
    }

    public void Finish(HttpContext context, long written)
    {
        Client = context.Connection.RemoteIpAddress;
        User = context.Features.Get<ClientIdentity>()?.Name;
        IsAborted = context.RequestAborted.IsCancellationRequested;
        Status = IsAborted && !context.Response.HasStarted ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;
        ContentType = context.Response.ContentType;
        if (BytesIn is null) Bytes = written;
    }
}
