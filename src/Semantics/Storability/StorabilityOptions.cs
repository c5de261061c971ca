using Granary.Semantics.Fields;

namespace Granary.Semantics.Storability;

/// <summary>Where RFC 9111 §3 leaves a choice.</summary>
public sealed record StorabilityOptions
{
    public static readonly StorabilityOptions Default = new();

    /// <summary>What a response with Set-Cookie needs to be stored.</summary>
    public SetCookieStorage SetCookie { get; init; } = SetCookieStorage.WhenShared;

    /// <summary>The targeted fields that decide before Cache-Control and Expires (RFC 9213).</summary>
    public TargetList Targets { get; init; } = TargetList.Cdn;

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
