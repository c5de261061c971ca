namespace Granary.Semantics.Storability;

/// <summary>Why a response is not stored. In the order in which the rules are asked (RFC 9111 §3).</summary>
public enum NotStored
{
    /// <summary>The request method is not GET or HEAD.</summary>
    MethodNotUnderstood,

    /// <summary>The request has content, which is not part of the key.</summary>
    RequestHasContent,

    /// <summary>The status code is interim or no status code at all.</summary>
    StatusNotFinal,

    /// <summary>206: a part is not stored as the whole.</summary>
    PartialContent,

    /// <summary>304 says something about a stored response; it is none itself.</summary>
    NotModified,

    /// <summary>The status code speaks of one request only (407, 412, 416) or RFC 6585 forbids storing it.</summary>
    StatusForbidsStoring,

    /// <summary>must-understand with a status code this cache does not know (§5.2.2.3).</summary>
    StatusNotUnderstood,

    /// <summary>no-store in the response (§5.2.2.5).</summary>
    ForbiddenByNoStore,

    /// <summary>no-store in the request (§5.2.1.5).</summary>
    ForbiddenByRequest,

    /// <summary>private without a list of fields (§5.2.2.7).</summary>
    Private,

    /// <summary>The request had Authorization and nothing allows shared reuse (§3.5).</summary>
    AuthorizedRequest,

    /// <summary>Neither public nor a lifetime nor a heuristically cacheable status code (§3, last clause).</summary>
    NothingAllowsStoring,

    /// <summary>Vary: * never matches (§4.1).</summary>
    VariesOnEverything,

    /// <summary>Set-Cookie, and the origin did not make clear that it is for everybody (§7.3).</summary>
    SetsCookie,

    /// <summary>Stale at once and no validator: could never be reused.</summary>
    NeverReusable,
}
