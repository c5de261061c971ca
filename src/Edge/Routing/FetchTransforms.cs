using System.Collections.Immutable;
using System.Net.Http.Headers;
using Granary.Edge.Presenting;
using Granary.Grains.Origin;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Yarp.ReverseProxy.Forwarder;

namespace Granary.Edge.Routing;

/// <summary>What came of a route's transforms of a request that may be fetched.</summary>
internal abstract record TransformedFetch
{
    private TransformedFetch()
    {
    }

    /// <summary>It is presented and fetched like this.</summary>
    public sealed record Ready(RequestHead Presented, OriginRoute Route) : TransformedFetch;

    /// <summary>A transform has answered it.</summary>
    public sealed record Answered : TransformedFetch;

    /// <summary>The transforms make of it what is no GET of the destination for this key: it is passed.</summary>
    public sealed record Passed : TransformedFetch;
}

/// <summary>
/// Runs the transforms of a route on a message that is never sent: what they make of path and fields goes into the question, and the silo needs to know nothing of them.
/// </summary>
internal static class FetchTransforms
{
    /// <summary>Transforms may want a destination where none is available; what is stored can be served all the same.</summary>
    private const string Nowhere = "http://destination.invalid";

    public static async ValueTask<TransformedFetch> Of(HttpContext context, Routed routed, RequestHead presented, OriginRoute fetch)
    {
        // Routing has decoded the path. Where something is left encoded, two keys could become one path.
        if (context.Request.Path.Value?.Contains('%', StringComparison.Ordinal) == true) return new TransformedFetch.Passed();
        var prefix = fetch.Destination.Length == 0 ? Nowhere : fetch.Destination;
        using var message = new HttpRequestMessage { Method = new HttpMethod(presented.Method) };
        await routed.Transformer.TransformRequestAsync(context, message, prefix, context.RequestAborted);
        LiveFields.KeepLoopMark(message, presented);
        if (context.Response.HasStarted || context.Response.StatusCode != StatusCodes.Status200OK) return new TransformedFetch.Answered();
        if (!message.Method.Method.Equals(presented.Method, StringComparison.Ordinal) || message.Content is { Headers.ContentLength: not 0 }) return new TransformedFetch.Passed();
        if (TargetOf(context, message, prefix, fetch) is not { } target) return new TransformedFetch.Passed();
        return new TransformedFetch.Ready(presented with { Fields = FieldsOf(message) }, WithHost(fetch with { RequestTarget = target }, message.Headers.Host));
    }

    // One that the transforms want goes to every destination.
    private static OriginRoute WithHost(OriginRoute fetch, string? host) =>
        host is null ? fetch : fetch with { Host = host, Others = [.. fetch.Others.Select(other => other with { Host = host })] };

    // What is not changed keeps the form that the key has.
    private static string? TargetOf(HttpContext context, HttpRequestMessage message, string prefix, OriginRoute fetch)
    {
        var unchanged = RequestUtilities.MakeDestinationAddress(prefix, context.Request.Path, context.Request.QueryString).OriginalString;
        var made = message.RequestUri?.OriginalString ?? unchanged;
        if (made == unchanged) return fetch.RequestTarget;
        if (!made.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var target = made[prefix.Length..];
        return target is ['/', ..] ? target : target is [] or ['?', ..] ? "/" + target : null;
    }

    private static FieldLines FieldsOf(HttpRequestMessage message)
    {
        var lines = ImmutableArray.CreateBuilder<FieldLine>(24);
        Add(lines, message.Headers.NonValidated);
        if (message.Content is { } content) Add(lines, content.Headers.NonValidated);
        return ConnectionFields.ForForwarding(new FieldLines(lines.DrainToImmutable())).Without(FieldNames.Host).Without(FieldNames.ContentLength);
    }

    private static void Add(ImmutableArray<FieldLine>.Builder lines, HttpHeadersNonValidated fields)
    {
        foreach (var field in fields)
            foreach (var value in field.Value) lines.Add(new FieldLine(field.Key, value));
    }
}
