using System.Collections.Immutable;
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
}
