namespace Granary.Semantics.Reusability;

/// <summary>Where RFC 9111 leaves reuse to the cache.</summary>
public sealed record ReuseOptions
{
    public static readonly ReuseOptions Default = new();

    /// <summary>
    /// Whether clients may ask for validation or for a certain freshness (no-cache, max-age, min-fresh, max-stale). A reverse proxy may
    /// say no to protect its origin. only-if-cached is always honoured.
    /// </summary>
    public bool HonourRequestDirectives { get; init; } = true;

    /// <summary>How stale a response may be served when the origin cannot be reached and says nothing about it (§4.2.4).</summary>
    public TimeSpan StaleIfDisconnected { get; init; } = TimeSpan.FromDays(1);
}
