using System.Collections.Immutable;
using Granary.Grains.Origin;
using Granary.Grains.Resources.Partial;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;
using Granary.Semantics.Storability;

namespace Granary.Grains.Resources;

/// <summary>How the owner of a URI decides.</summary>
public sealed record ResourceOptions
{
    /// <summary>Requests that may wait for fetches of one URL. More are passed to the origin by their edge. Default 10,000.</summary>
    public int MaxWaitersPerUrl { get; init; } = 10_000;

    /// <summary>How long a URL whose response could not be stored is passed without waiting for anybody. Default 2 min.</summary>
    public TimeSpan PassMemory { get; init; } = TimeSpan.FromMinutes(2);

    public StorabilityOptions Storability { get; init; } = new();

    public FreshnessOptions Freshness { get; init; } = new();

    public ReuseOptions Reuse { get; init; } = new();

    public PartialOptions Partial { get; init; } = new();

    /// <summary>Response fields whose words are tags through which stored responses are invalidated.</summary>
    public ImmutableArray<string> SurrogateKeyFields { get; init; } = ["Surrogate-Key", "Cache-Tag"];

    /// <summary>Whether clients are sent those fields.</summary>
    public bool PassSurrogateKeys { get; init; }

    /// <summary>Whether 103s are stored beside the response they came before, and sent on each hit (RFC 8297).</summary>
    public bool RememberEarlyHints { get; init; }

    /// <summary>Query parameters that are no part of the target URI; a name may end in <c>*</c>.</summary>
    public ImmutableArray<string> StripQueryParameters { get; init; } = [];

    /// <summary>
    /// The same for one request. Targeted fields speak to caches that stand before their origin (RFC 9213 §3), so to a forward proxy they say nothing; nor do surrogate
    /// keys. What the operator adds to the law holds for nobody who may get an answer of his own: not for requests with cookies or credentials (P5).
    /// </summary>
    public ResourceOptions For(OriginRoute route, RequestHead presented)
    {
        var freshness = route.Rules?.Over(Freshness) ?? Freshness;
        if (!route.IsConfigured) freshness = freshness with { Targets = TargetList.None };
        if (presented.Fields.Has(FieldNames.Cookie) || presented.Fields.Has(FieldNames.Authorization)) freshness = freshness.WithoutDefaults;
        return this with
        {
            Freshness = freshness,
            Storability = Storability with { Freshness = freshness, HonourRequestDirectives = ReuseFor(route).HonourRequestDirectives, SetCookie = route.Rules?.SetCookie ?? Storability.SetCookie },
            SurrogateKeyFields = route.IsConfigured ? SurrogateKeyFields : [],
            PassSurrogateKeys = route.Rules?.PassSurrogateKeys ?? PassSurrogateKeys,
            RememberEarlyHints = route.Rules?.RememberEarlyHints ?? RememberEarlyHints,
        };
    }

    /// <summary>The part of it that decides on reuse.</summary>
    public ReuseOptions ReuseFor(OriginRoute route) => route.Rules?.Over(Reuse) ?? Reuse;
}
