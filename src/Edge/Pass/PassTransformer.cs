using Granary.Edge.Delivery;
using Granary.Grains.Origin;
using Granary.Semantics.Messages;
using Yarp.ReverseProxy.Forwarder;

namespace Granary.Edge.Pass;

/// <summary>What YARP's forwarder sends and returns is decided by us: exactly the presented fields one way, exactly the received fields the other.</summary>
internal sealed class PassTransformer(Passing passing, OriginClient origin, PassedRequest passed, long begun) : HttpTransformer
{
    /// <summary>The head of an answer is written, Cache-Status with it.</summary>
    public bool HasTold { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = OriginRequest.Target(passed.Destination.Route);
        foreach (var line in passed.Presented.Fields)
            if (!proxyRequest.Headers.TryAddWithoutValidation(line.Name, line.Value))
                proxyRequest.Content?.Headers.TryAddWithoutValidation(line.Name, line.Value);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return true;
        var head = OriginResponse.HeadOf(proxyResponse);
        var isSure = await passing.Learn(passed, head, begun); // before the client hears of it: P2
        var copy = await passing.CopyOf(passed, head, begun);
        passing.WriteHead(httpContext, passed, head, isSure);
        HasTold = true;
        if (head.Status != StatusCodes.Status101SwitchingProtocols) // Paced, its content would no longer be both ways.
            origin.Pace(proxyResponse, () => httpContext.Response.Body.FlushAsync(httpContext.RequestAborted));
        if (copy is not null) proxyResponse.Content = new CopiedContent(proxyResponse.Content, copy);
        return ResponseFields.StatusAllowsContent(head.Status); // what comes with a 205 all the same is dropped
    }
}
