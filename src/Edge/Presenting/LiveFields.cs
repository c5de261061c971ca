using System.Collections.Frozen;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Presenting;

/// <summary>
/// Transforms read the request itself. Before they run it is made what it was presented as: without what strangers must not say and with Via. The forwarding fields are
/// left to the transforms, which an operator may have told what to make of them.
/// </summary>
internal static class LiveFields
{
    // What a server or YARP's forwarder must know of the connection, and does not pass on by itself.
    private static readonly FrozenSet<string> OfConnection = FrozenSet.ToFrozenSet(
        ["Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Upgrade", "HTTP2-Settings", "Content-Length", "Host", "Expect"], StringComparer.OrdinalIgnoreCase);

    public static void Become(HttpRequest request, RequestHead presented)
    {
        foreach (var name in request.Headers.Keys.ToArray())
            if (!OfConnection.Contains(name) && !name.StartsWith(':') && (!presented.Fields.Has(name) || ForwardingFields.IsOnlyFromProxies(name))) request.Headers.Remove(name);
        foreach (var name in presented.Fields.Select(static line => line.Name).Distinct(StringComparer.OrdinalIgnoreCase))
            if (!OfConnection.Contains(name) && !ForwardingFields.IsOnlyFromProxies(name))
                request.Headers[name] = presented.Fields.Where(line => line.Is(name)).Select(static line => line.Value).ToArray();
    }

    /// <summary>Host and query as in the key, so that requests of one key are transformed alike.</summary>
    public static void BecomeKey(HttpRequest request, string uri, string authority)
    {
        request.Host = new HostString(authority);
        request.QueryString = uri.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? new QueryString(uri[query..]) : QueryString.Empty;
    }

    /// <summary>RFC 8586 §2: no configuration may take CDN-Loop away, and no transform does.</summary>
    public static void KeepLoopMark(HttpRequestMessage message, RequestHead presented)
    {
        message.Headers.Remove(FieldNames.CdnLoop);
        if (presented.Fields.Combined(FieldNames.CdnLoop) is { } value) message.Headers.TryAddWithoutValidation(FieldNames.CdnLoop, value);
    }
}
