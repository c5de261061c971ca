using System.Collections.Immutable;
using Granary.Semantics.Storability;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Where the law of caching leaves a choice, or an operator wants another one. The defaults are the law.</summary>
public sealed record CacheSettings
{
    /// <summary>RFC 9213 §2.2. Default Granary-Cache-Control, then CDN-Cache-Control.</summary>
    [FieldNames("Targeted fields (RFC 9213) that decide before Cache-Control and Expires in the reverse proxy, the most applicable first")]
    public ImmutableArray<string> Targets { get; init; } = ["Granary-Cache-Control", "CDN-Cache-Control"];

    /// <summary>Default Surrogate-Key and Cache-Tag.</summary>
    [FieldNames("Response fields of the reverse proxy whose words are tags, by which stored responses are invalidated together")]
    public ImmutableArray<string> SurrogateKeyFields { get; init; } = ["Surrogate-Key", "Cache-Tag"];

    /// <summary>Default false.</summary>
    [Flag("Whether clients are sent those fields")]
    public bool PassSurrogateKeys { get; init; }

    /// <summary>RFC 8297. Default false.</summary>
    [Flag("Whether 103s are stored with the response they came before and sent on each hit")]
    public bool RememberEarlyHints { get; init; }

    /// <summary>RFC 9111 §7.3. Default WhenShared.</summary>
    [OneOf("What a response with Set-Cookie needs to be stored: the origin names shared caches (public, s-maxage), or states a lifetime, or nothing", typeof(SetCookieStorage))]
    public SetCookieStorage SetCookie { get; init; } = SetCookieStorage.WhenShared;

    /// <summary>RFC 9111 §5.2.1. Default true; only-if-cached is always honoured.</summary>
    [Flag("Whether clients may ask for validation, for a certain freshness, or that nothing be stored (Cache-Control and Pragma of requests)")]
    public bool HonourRequestDirectives { get; init; } = true;

    /// <summary>Default none.</summary>
    [ParameterNames("Query parameters that make no difference: no part of the key, and left out of what is fetched")]
    public ImmutableArray<string> StripQueryParameters { get; init; } = [];
}
