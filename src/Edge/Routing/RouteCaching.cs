using Granary.Edge.Rules.Limits;
using Granary.Grains.Origin;
using Granary.Semantics.Messages;
using Yarp.ReverseProxy.Configuration;

namespace Granary.Edge.Routing;

/// <summary>What the cache has to know of a route: read once for each version of it.</summary>
internal sealed record RouteCaching
{
    /// <summary>Off: all its requests are passed.</summary>
    public required bool IsOn { get; init; }

    /// <summary>The route's name, where requests for one URI are routed by something else as well: what is stored for one of these routes is not the others'.</summary>
    public string? NameInKey { get; init; }

    /// <summary>What was known of other settings when it was read.</summary>
    public bool StripsQuery { get; init; }

    /// <summary>Its requests are sent otherwise than they came: what is fetched goes through its transforms too.</summary>
    public bool TransformsRequests { get; init; }

    public bool TransformsResponses { get; init; }

    /// <summary>Requests that belong to a session are passed to where it is.</summary>
    public bool PassesSessions { get; init; }

    /// <summary>Null: as the settings say for all.</summary>
    public bool? Compresses { get; init; }

    /// <summary>The name of a limit; null for those alone that hold for all.</summary>
    public string? RateLimit { get; init; }

    /// <summary>Not even those.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>How the query of a target URI is made that of the key.</summary>
    public QueryRule Query { get; init; } = QueryRule.None;

    /// <summary>Null: all as everywhere.</summary>
    public RouteRules? Rules { get; init; }

    /// <param name="hasCode">Transforms are added in code, where nobody can see what they do.</param>
    /// <param name="stripsQuery">Some query parameters are no part of the URI; routes may look at them all the same.</param>
    public static RouteCaching Of(RouteConfig route, bool hasCode, bool stripsQuery)
    {
        var metadata = RouteMetadata.Read(route.Metadata);
        return new RouteCaching
        {
            IsOn = metadata.IsOn && !Transforms(route).Contains("ClientCert", StringComparer.OrdinalIgnoreCase), // the origin knows each client then, and the cache does not (P5)
            NameInKey = NameOf(route, metadata.Query, stripsQuery),
            StripsQuery = stripsQuery,
            TransformsRequests = hasCode || Transforms(route).Any(static name => !IsOfResponse(name)),
            TransformsResponses = hasCode || Transforms(route).Any(IsOfResponse),
            PassesSessions = metadata.PassesSessions,
            Rules = metadata.Rules,
            Compresses = metadata.Compresses,
            Query = metadata.Query,
            RateLimit = metadata.LimitedBy,
            IsUnlimited = RateLimitFilter.Disable.Equals(route.RateLimiterPolicy, StringComparison.OrdinalIgnoreCase),
        };
    }

    // With a rule for queries the name has that rule: who invalidates a URI by the name finds the key without knowing the route.
    private static string? NameOf(RouteConfig route, QueryRule query, bool stripsQuery) =>
        !query.IsNone ? query.AppendTo(route.RouteId) : IsChosenByMoreThanUri(route.Match, stripsQuery) ? route.RouteId : null;

    // GET alone is stored. A route that GET cannot take may see HEAD, and must not answer it from what another route stored.
    private static bool IsChosenByMoreThanUri(RouteMatch match, bool stripsQuery) =>
        match.Headers is { Count: > 0 } || (stripsQuery && match.QueryParameters is { Count: > 0 })
            || (match.Methods is { Count: > 0 } methods && !methods.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> Transforms(RouteConfig route) => route.Transforms?.SelectMany(static transform => transform.Keys) ?? [];

    private static bool IsOfResponse(string name) => name.StartsWith("Response", StringComparison.OrdinalIgnoreCase);
}
