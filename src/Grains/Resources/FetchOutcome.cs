using Granary.Grains.Origin;
using Granary.Grains.Store;
using Granary.Semantics.Messages;

namespace Granary.Grains.Resources;

/// <summary>What a fetch turned out to be, known as soon as the head of the origin's response is.</summary>
internal abstract record FetchOutcome
{
    private FetchOutcome()
    {
    }

    /// <summary>Storable; the content may still be arriving. Everybody who waits and whom it matches may have it.</summary>
    /// <param name="IsKept">False when an invalidation came in between: it is shared by those who wait, and not stored (P2).</param>
    /// <param name="Received">The head as the origin sent it, for the leader: it may hold fields that are not stored (RFC 9111 §5.2.2.7).</param>
    public sealed record Stored(StoredVariant Variant, ResponseHead Received, bool IsKept) : FetchOutcome;

    /// <summary>A 304 freshened a stored response (RFC 9111 §4.3.4).</summary>
    /// <param name="Received">The 304 itself, for the leader: a cookie it sets may be for him alone (RFC 9111 §7.3).</param>
    public sealed record Freshened(StoredVariant Variant, ResponseHead Received) : FetchOutcome;

    /// <summary>Not stored: for the leader alone; the others ask the origin themselves.</summary>
    public sealed record Unstored(ResponseHead Head, Content Content, string Why) : FetchOutcome;

    /// <summary>A 5xx where a stored response may be served instead (RFC 5861 §4).</summary>
    public sealed record ServerError(ResponseHead Head, Content Content) : FetchOutcome;

    /// <summary>A 304 that matches none of the offered responses: they are gone, ask anew (RFC 9111 §4.3.4).</summary>
    public sealed record Unusable : FetchOutcome;

    public sealed record Failed(OriginError Error) : FetchOutcome;
}
