namespace Granary.Semantics.Messages;

/// <summary>What a shared cache knows about status codes. RFC 9110 §15.</summary>
public static class Statuses
{
    /// <summary>2xx to 5xx; what lies beyond is no valid status code (§15) and nothing may be built on it.</summary>
    public static bool IsFinal(int status) => status is >= 200 and <= 599;

    /// <summary>Codes whose caching requirements this cache knows and follows, for must-understand (RFC 9111 §5.2.2.3).</summary>
    public static bool IsUnderstood(int status) => status is
        (>= 200 and <= 206) or (>= 300 and <= 304) or 307 or 308 or (>= 400 and <= 417) or
        421 or 422 or 426 or 428 or 429 or 431 or 451 or (>= 500 and <= 505) or 511;

    /// <summary>RFC 9110 §15.1; 206 is left out, because partial content is judged for itself.</summary>
    public static bool IsHeuristicallyCacheable(int status) =>
        status is 200 or 203 or 204 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;

    /// <summary>
    /// Codes that say something about one request, not about the resource: RFC 6585 forbids to store 428, 429, 431 and 511;
    /// 407 speaks to the client of a proxy, 412 and 416 depend on the request's preconditions and range.
    /// </summary>
    public static bool ForbidsStoring(int status) => status is 407 or 412 or 416 or 428 or 429 or 431 or 511;

    /// <summary>The errors stale-if-error stands in for: RFC 5861 §4.</summary>
    public static bool IsServerTrouble(int status) => status is 500 or 502 or 503 or 504;
}
