using Granary.Semantics.Freshness;

namespace Granary.Semantics.Storability;

/// <summary>Where RFC 9111 §3 leaves a choice.</summary>
public sealed record StorabilityOptions
{
    public static readonly StorabilityOptions Default = new();

    /// <summary>What a response with Set-Cookie needs to be stored.</summary>
    public SetCookieStorage SetCookie { get; init; } = SetCookieStorage.WhenShared;

    /// <summary>By which the lifetime is found that decides whether a response could ever be reused.</summary>
    public FreshnessOptions Freshness { get; init; } = FreshnessOptions.Default;

    /// <summary>Whether no-store in a request is obeyed (§5.2.1.5).</summary>
    public bool HonourRequestDirectives { get; init; } = true;

    /// <summary>Set by the caller for one exchange: the request had content.</summary>
    public bool RequestHasContent { get; init; }
}

/// <summary>
/// RFC 9111 §7.3: Set-Cookie alone does not forbid storing, and many origins do not think of it. A guessed lifetime is never enough.
/// </summary>
public enum SetCookieStorage
{
    /// <summary>Only where the origin names shared caches: public or s-maxage.</summary>
    WhenShared,

    /// <summary>Where the origin states public, or a lifetime above zero and no no-cache.</summary>
    WithExplicitLifetime,

    /// <summary>As any other response.</summary>
    Always,
}
