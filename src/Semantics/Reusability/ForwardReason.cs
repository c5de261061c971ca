namespace Granary.Semantics.Reusability;

/// <summary>Why a request went forward: the fwd parameter of Cache-Status, RFC 9211 §2.2.</summary>
public enum ForwardReason
{
    /// <summary>The cache was told not to handle this request.</summary>
    Bypass,

    /// <summary>The method requires it.</summary>
    Method,

    /// <summary>Nothing is stored for the URI.</summary>
    UriMiss,

    /// <summary>Something is stored for the URI, but nothing the request's fields select.</summary>
    VaryMiss,

    /// <summary>Nothing usable is stored, and it was not told apart why.</summary>
    Miss,

    /// <summary>A fresh response is stored, but the request does not allow to reuse it.</summary>
    Request,

    /// <summary>What is stored needs validation.</summary>
    Stale,

    /// <summary>Only a part of what was asked for is stored.</summary>
    Partial,
}

/// <summary>The tokens of RFC 9211 §2.2.</summary>
public static class ForwardReasonTokens
{
    public static string Token(this ForwardReason reason) => reason switch
    {
        ForwardReason.Bypass => "bypass",
        ForwardReason.Method => "method",
        ForwardReason.UriMiss => "uri-miss",
        ForwardReason.VaryMiss => "vary-miss",
        ForwardReason.Request => "request",
        ForwardReason.Stale => "stale",
        ForwardReason.Partial => "partial",
        _ => "miss",
    };
}
