using System.Collections.Frozen;
using System.Collections.Immutable;
using Granary.Edge.Routing;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Presenting;

/// <summary>
/// Makes the presented request of a client ready to be looked up and forwarded. What the origin would be sent is what the cache selects by, so a
/// response that varies by a field we write varies rightly.
/// (1) The fields as received  (2) without hop-by-hop fields  (3) with forwarding fields  (4) with Via.
/// </summary>
public sealed class Presenter(Pseudonym pseudonym)
{
    // What frameworks believe about the request target or the client if a proxy says it. The key knows nothing of these, so a stranger who could
    // send them would decide what others are answered.
    private static readonly FrozenSet<string> OnlyFromProxies = FrozenSet.ToFrozenSet(
        ["Client-Cert", "Client-Cert-Chain", "Forwarded", "Front-End-Https", "X-Forwarded", "X-Forwarder-For", "X-Host", "X-Original-Host", "X-Original-URL", "X-Real-IP", "X-Rewrite-URL", "X-Url-Scheme"],
        StringComparer.OrdinalIgnoreCase);

    public RequestHead Present(HttpContext context, Destination.Origin destination)
    {
        var received = Received(context.Request.Headers);                                              // (1)
        var forwarded = ConnectionFields.ForForwarding(received).Without(FieldNames.Host);             // (2)
        if (destination.IsReverse) forwarded = Forwarding(forwarded, context, destination.Authority);  // (3)
        var protocol = HttpProtocol.IsHttp2(context.Request.Protocol) ? "2" : context.Request.Protocol["HTTP/".Length..];
        return new RequestHead(context.Request.Method, destination.TargetUri, Via.Append(forwarded, protocol, pseudonym.Name)); // (4)
    }

    /// <summary>Has this request been here before? RFC 9110 §7.6.3.</summary>
    public bool IsLoop(HttpContext context) =>
        context.Request.Headers.TryGetValue(FieldNames.Via, out var via)
            && Via.ContainsPseudonym(new FieldLines([.. via.Select(static v => new FieldLine(FieldNames.Via, v ?? ""))]), pseudonym.Name);

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

    // Strangers are not believed: what they sent in these fields is dropped. Trusted proxies come with access policy.
    private static FieldLines Forwarding(FieldLines fields, HttpContext context, string authority)
    {
        fields = fields.Where(static line => !IsOnlyFromProxies(line.Name));
        if (context.Connection.RemoteIpAddress is { } client)
            fields = fields.Add("X-Forwarded-For", (client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client).ToString());
        return fields.Add("X-Forwarded-Proto", context.Request.Scheme).Add("X-Forwarded-Host", authority);
    }

    internal static bool IsOnlyFromProxies(string name) =>
        name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || OnlyFromProxies.Contains(name);
}
