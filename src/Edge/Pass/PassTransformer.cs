using System.Net.Http.Headers;
using Granary.Edge.Delivery;
using Granary.Edge.Presenting;
using Granary.Edge.Routing;
using Granary.Grains.Origin;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Yarp.ReverseProxy.Forwarder;

namespace Granary.Edge.Pass;

/// <summary>
/// What YARP's forwarder sends and returns is decided by us: exactly the presented fields one way, exactly the received fields the other; in between a route's own
/// transforms, where it has any.
/// </summary>
internal sealed class PassTransformer(Passing passing, OriginClient origin, PassedRequest passed, long begun) : HttpTransformer
{
    private readonly Routed? _routed = passed.Destination.Routed;

    /// <summary>The head of an answer is written, Cache-Status with it.</summary>
    public bool HasTold { get; private set; }

    /// <summary>All of the answer is written. What fails after that is the rest of the request, which an origin that answers early does not want (RFC 9112 §9.3, RFC 9113 §8.1).</summary>
    public bool HasDelivered { get; private set; }

    /// <summary>The method as it is sent: a transform may have made another of it.</summary>
    public string Method { get; private set; } = passed.Presented.Method;

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        if (_routed is not null) proxyRequest.Options.Set(OriginRequest.Group, _routed.Group);
        if (_routed is { Caching.TransformsRequests: true })
            return Transform(_routed, httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = OriginRequest.Target(destinationPrefix.TrimEnd('/'), passed.Destination.Route.RequestTarget);
        foreach (var line in passed.Presented.Fields)
            if (!proxyRequest.Headers.TryAddWithoutValidation(line.Name, line.Value))
                proxyRequest.Content?.Headers.TryAddWithoutValidation(line.Name, line.Value);
        if (_routed?.Proxy.ProxiedDestination?.Model.Config.Host is { } host) proxyRequest.Headers.Host = host;
        if (proxyRequest.Version.Major >= 2 && TakesTrailers(httpContext.Request)) proxyRequest.Headers.TryAddWithoutValidation("TE", "trailers");
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return true;
        var head = OriginResponse.HeadOf(proxyResponse);
        var isSure = await passing.Learn(httpContext, AsSent(), head, begun); // before the client hears of it: P2
        var copy = await passing.CopyOf(passed, head, begun);
        var isWanted = await WriteHead(httpContext, proxyResponse, head, isSure, cancellationToken);
        HasTold = true;
        if (isWanted) passing.Compress(httpContext);
        if (head.Status != StatusCodes.Status101SwitchingProtocols) // Paced, its content would no longer be both ways.
            origin.Pace(proxyResponse, passed.Destination.Route, () => httpContext.Response.Body.FlushAsync(httpContext.RequestAborted));
        if (copy is not null) proxyResponse.Content = new CopiedContent(proxyResponse.Content, copy);
        return isWanted && ResponseFields.StatusAllowsContent(head.Status); // what comes with a 205 all the same is dropped
    }

    /// <summary>The last that is asked for of an answer, after its content; never of one that broke.</summary>
    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        HasDelivered = true;
        return base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
    }

    private async ValueTask Transform(Routed routed, HttpContext context, HttpRequestMessage message, string prefix, CancellationToken cancellationToken)
    {
        await routed.Transformer.TransformRequestAsync(context, message, prefix, cancellationToken);
        LiveFields.KeepLoopMark(message, passed.Presented);
        Method = message.Method.Method;
    }

    // What it changed at the origin goes by the method that the origin saw (RFC 9111 §4.4).
    private PassedRequest AsSent() => Method == passed.Presented.Method ? passed : passed with { Presented = passed.Presented with { Method = Method } };

    // RFC 9113 §8.2.2: the one field of a connection that may cross.
    private static bool TakesTrailers(HttpRequest request) => HttpProtocol.IsHttp2(request.Protocol) && request.Headers.TE is [var te] && te!.Contains("trailers", StringComparison.OrdinalIgnoreCase);

    /// <summary>Affinity writes its cookie by a transform as well.</summary>
    private async ValueTask<bool> WriteHead(HttpContext context, HttpResponseMessage received, ResponseHead head, bool isSure, CancellationToken cancellationToken)
    {
        if (_routed is not ({ Caching.TransformsResponses: true } or { Proxy.Cluster.Config.SessionAffinity.Enabled: true }))
        {
            passing.WriteHead(context, passed, head, isSure);
            return true;
        }

        Become(received, head.Fields, passing.Forwarded(context, passed, head));
        var isWanted = await _routed.Transformer.TransformResponseAsync(context, received, cancellationToken);
        if (!ResponseFields.StatusAllowsContent(context.Response.StatusCode)) context.Response.ContentLength = null;
        passing.Sign(context, passed, isSure);
        return isWanted;
    }

    // The route's transforms see what the client would get without them.
    private static void Become(HttpResponseMessage received, FieldLines former, FieldLines forwarded)
    {
        foreach (var name in former.Concat(forwarded).Select(static line => line.Name).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var values = forwarded.Where(line => line.Is(name)).Select(static line => line.Value).ToArray();
            if (values.AsSpan().SequenceEqual(former.Where(line => line.Is(name)).Select(static line => line.Value).ToArray())) continue;
            // Removing a name from the collection that it cannot be in throws.
            HttpHeaders headers = received.Content.Headers.NonValidated.Contains(name) ? received.Content.Headers : received.Headers;
            headers.Remove(name);
            if (values.Length > 0 && !headers.TryAddWithoutValidation(name, values)) received.Content.Headers.TryAddWithoutValidation(name, values);
        }
    }
}
