using System.Diagnostics;
using Granary.Edge.Figures;
using Granary.Semantics.Fields;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Tracing;

/// <summary>
/// Spans of requests, by OpenTelemetry's conventions for HTTP servers. Their source has listeners only where traces are on; without any, beginning one costs a look at a field, and the pipeline has no step for it.
/// </summary>
internal static class RequestSpans
{
    public const string SourceName = "Granary.Edge";

    public const string TraceParent = "traceparent", TraceState = "tracestate";

    private static readonly ActivitySource Source = new(SourceName);

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"];

    /// <summary>Of a part of what is done for a request that is traced.</summary>
    public static Activity? Part(string name, ActivityKind kind = ActivityKind.Internal) =>
        Source.HasListeners() && IsTraced ? Source.StartActivity(name, kind) : null;

    /// <summary>What the origin is told, if it is to be told.</summary>
    public static FieldLines Told(FieldLines fields, Func<TracingSettings> settings)
    {
        if (!Source.HasListeners() || !settings().TellOrigins || Activity.Current is not { Id: { } id } span || span.Source.Name != SourceName) return fields;
        fields = fields.With(TraceParent, id);
        return span.TraceStateString is { Length: > 0 } state ? fields.With(TraceState, state) : fields.Without(TraceState);
    }

    public static async Task Trace(HttpContext context, RequestDelegate next)
    {
        using var span = Begin(context);
        try
        {
            await next(context);
        }
        finally
        {
            if (span is not null) End(span, context);
        }
    }

    private static bool IsTraced => Activity.Current is { } current && current.Source.Name == SourceName;

    private static Activity? Begin(HttpContext context)
    {
        var request = context.Request;
        var isKnown = Array.IndexOf(Methods, request.Method) >= 0;
        // W3C Trace Context §3.2: more than one is none.
        ActivityContext.TryParse(request.Headers.TraceParent is [var parent] ? parent : null, request.Headers.TraceState, isRemote: true, out var from);
        var span = Source.StartActivity(isKnown ? request.Method : "HTTP", ActivityKind.Server, from);
        if (span is not { IsAllDataRequested: true }) return span;
        span.SetTag("http.request.method", isKnown ? request.Method : "_OTHER");
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("server.address", request.Host.Host);
        span.SetTag("url.path", request.Path.Value);
        span.SetTag("network.protocol.version", request.Protocol[(request.Protocol.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        span.SetTag("client.address", context.Connection.RemoteIpAddress?.ToString());
        return span;
    }

    private static void End(Activity span, HttpContext context)
    {
        if (!span.IsAllDataRequested) return;
        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.FirstOrDefault(static tag => tag.Key is DurationTag.Name).Value is string word) span.SetTag("granary.cache", word);
        if (context.Response.Headers["Cache-Status"] is [.., { } told]) span.SetTag("granary.cache_status", told);
        if (context.RequestAborted.IsCancellationRequested) span.SetTag("error.type", "client_gone").SetStatus(ActivityStatusCode.Error);
        else if (status >= StatusCodes.Status500InternalServerError) span.SetTag("error.type", $"{status}").SetStatus(ActivityStatusCode.Error);
    }
}
