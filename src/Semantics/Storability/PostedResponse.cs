using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Storability;

/// <summary>A response to POST that answers later GETs of the same URI. RFC 9110 §9.3.3, RFC 9111 §4.</summary>
public static class PostedResponse
{
    /// <summary>The GET it may be stored for, as far as its request and its head tell: 200, explicitly fresh, Content-Location is the target URI. Else null.</summary>
    public static RequestHead? AsGet(RequestHead request, ResponseHead response, StorabilityOptions options)
    {
        if (request.Method != "POST" || response.Status != 200 || OverridesMethod(request.Fields)) return null;
        if (response.Fields.Single(FieldNames.ContentLocation) is not { } location || Invalidation.Invalidation.Resolve(request.TargetUri, location) != request.TargetUri) return null;
        var get = request with { Method = Methods.Get }; // with its Content-Type: a response that varies by it answers no GET that has none
        return Storability.WhyNot(get, response, options) is null && IsExplicitlyFresh(response, options.Freshness) ? get : null;
    }

    private static bool IsExplicitlyFresh(ResponseHead response, FreshnessOptions options) =>
        FreshnessLifetime.Of(response, Storability.LongAgo, options) is { IsExplicit: true, Value.Ticks: > 0 };

    /// <summary>Frameworks take the method from these fields: the request was another one than its method says.</summary>
    public static bool OverridesMethod(FieldLines request) =>
        request.Has("X-HTTP-Method-Override") || request.Has("X-HTTP-Method") || request.Has("X-Method-Override");
}
