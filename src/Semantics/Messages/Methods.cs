namespace Granary.Semantics.Messages;

/// <summary>What a shared cache knows about request methods. Case-sensitive, RFC 9110 §9.1.</summary>
public static class Methods
{
    public const string Get = "GET";
    public const string Head = "HEAD";

    /// <summary>Safe methods of RFC 9110 §9.2.1 and of the method registry; one that is unknown is not known to be safe.</summary>
    public static bool IsSafe(string method) =>
        method is Get or Head or "OPTIONS" or "TRACE" or "PROPFIND" or "REPORT" or "SEARCH" or "QUERY";

    /// <summary>Whether this cache may store and reuse responses to the method (RFC 9111 §3).</summary>
    public static bool IsUnderstoodForCaching(string method) => method is Get or Head;
}
