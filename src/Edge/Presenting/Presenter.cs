using System.Collections.Immutable;
using Granary.Edge.Routing;
using Granary.Edge.Tracing;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Presenting;

/// <summary>
/// Makes the presented request of a client ready to be looked up and forwarded. What the origin would be sent is what the cache selects by, so a
/// response that varies by a field we write varies rightly.
/// (1) The fields as received  (2) without hop-by-hop fields  (3) with forwarding fields  (4) by the operator's rules, with the trace on wish, Via and CDN-Loop.
/// </summary>
internal sealed class Presenter(Pseudonym pseudonym, ForwardingFields forwarding, FieldRules rules, RefererField referer, SettingsSource source)
{
    private readonly Func<TracingSettings> _tracing = () => source.Current.Tracing;

    public RequestHead Present(HttpContext context, Destination.Origin destination)
    {
        var received = Received(context.Request.Headers);                                              // (1)
        var forwarded = ConnectionFields.ForForwarding(received).Without(FieldNames.Host);             // (2)
        forwarded = destination.IsReverse ? forwarding.Write(forwarded, context, destination.Authority) : referer.Write(ForwardingFields.Without(forwarded), destination.TargetUri); // (3)
        var protocol = HttpProtocol.IsHttp2(context.Request.Protocol) ? "2" : context.Request.Protocol["HTTP/".Length..];
        var signed = CdnLoop.Append(Via.Append(RequestSpans.Told(rules.OfRequest(forwarded), _tracing), protocol, pseudonym.Name), pseudonym.Name);  // (4)
        return new RequestHead(context.Request.Method, destination.TargetUri, signed);
    }

    /// <summary>Has this request been here before? RFC 9110 §7.6.3, RFC 8586 §2.</summary>
    public bool IsLoop(HttpContext context)
    {
        var headers = context.Request.Headers;
        return (headers.TryGetValue(FieldNames.Via, out var via) && Via.ContainsPseudonym(Lines(FieldNames.Via, via), pseudonym.Name))
            || (headers.TryGetValue(FieldNames.CdnLoop, out var cdns) && CdnLoop.Names(Lines(FieldNames.CdnLoop, cdns), pseudonym.Name));
    }

    private static FieldLines Lines(string name, StringValues values) => new([.. values.Select(value => new FieldLine(name, value ?? ""))]);

    private static FieldLines Received(IHeaderDictionary headers)
    {
        var lines = ImmutableArray.CreateBuilder<FieldLine>(headers.Count + 4);
        foreach (var (name, values) in headers)
        {
            if (name.StartsWith(':')) continue;
            // RFC 9113 §8.2.3: cookie crumbs are put together again before they leave HTTP/2.
            if (values.Count > 1 && name.Equals(FieldNames.Cookie, StringComparison.OrdinalIgnoreCase)) lines.Add(new(name, string.Join("; ", values.ToArray())));
            else foreach (var value in values) lines.Add(new FieldLine(name, value ?? ""));
        }

        return new FieldLines(lines.DrainToImmutable());
    }
}
