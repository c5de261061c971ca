using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery.Hits;

/// <summary>
/// Whether nothing in a request decides about its answer beyond its method, its target, its host, If-None-Match and what stored responses nominate (Vary). Such requests for the same get the same answer; all others go the whole way.
/// Each look is at a bit of the server's collection, and costs nothing that could be measured.
/// </summary>
internal static class PlainRequest
{
    public static bool Is(HttpContext context)
    {
        var request = context.Request;
        if (!ReferenceEquals(request.Method, HttpMethods.Get) && !HttpMethods.IsGet(request.Method)) return false;
        var fields = request.Headers;
        return fields.Host.Count == 1 && !Decides(fields) && IsPlainConnection(fields.Connection)
            && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true && !OverridesMethod(fields);
    }

    private static bool Decides(IHeaderDictionary fields) =>
        // RFC 9111 §5.2.1, §5.4, §3.5
        fields.CacheControl.Count > 0 || fields.Pragma.Count > 0 || fields.Authorization.Count > 0
        // RFC 9110 §13.1, §14.2. If-None-Match is compared: with it, If-Modified-Since decides nothing
        || (fields.IfModifiedSince.Count > 0 && fields.IfNoneMatch.Count == 0) || fields.IfMatch.Count > 0 || fields.IfUnmodifiedSince.Count > 0 || fields.Range.Count > 0 || fields.IfRange.Count > 0
        // RFC 9110 §7.6.3, RFC 8586: it may have been here before
        || fields.Via.Count > 0 || fields.ContainsKey("CDN-Loop")
        // RFC 9110 §7.8, §10.1.1, §11.7
        || fields.Upgrade.Count > 0 || fields.Expect.Count > 0 || fields.ProxyAuthorization.Count > 0;

    // RFC 9110 §7.6.1: it may name fields that the origin would not be sent, and a response may vary by.
    private static bool IsPlainConnection(StringValues connection) =>
        connection.Count == 0 || (connection.Count == 1 && (connection[0]!.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || connection[0]!.Equals("close", StringComparison.OrdinalIgnoreCase)));

    private static bool OverridesMethod(IHeaderDictionary fields) =>
        fields.ContainsKey("X-HTTP-Method-Override") || fields.ContainsKey("X-HTTP-Method") || fields.ContainsKey("X-Method-Override");
}
