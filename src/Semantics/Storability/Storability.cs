using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Storability;

/// <summary>RFC 9111 §3: a cache MUST NOT store a response unless every clause holds.</summary>
public static class Storability
{
    // What an unstated Date is compared with: only whether Expires is long past matters here ("0", 1970). Not so long that two-digit years would fall into another century.
    internal static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first rule that forbids storing, or null.</summary>
    public static NotStored? WhyNot(RequestHead request, ResponseHead response, StorabilityOptions options) =>
        WhyNot(new Exchange(request, response, options), options);

    private static NotStored? WhyNot(in Exchange e, StorabilityOptions options)
    {
        if (!Methods.IsUnderstoodForCaching(e.Request.Method)) return NotStored.MethodNotUnderstood;
        if (options.RequestHasContent) return NotStored.RequestHasContent;
        return WhyNotByStatus(e) ?? WhyNotByDirective(e, options) ?? WhyNotByUse(e, options.SetCookie);
    }

    // the response status code is final; if it is 206 or 304, or must-understand is present, the cache understands it
    private static NotStored? WhyNotByStatus(in Exchange e) => e.Response.Status switch
    {
        var status when !Statuses.IsFinal(status) => NotStored.StatusNotFinal,
        206 => NotStored.PartialContent,
        304 => NotStored.NotModified,
        var status when Statuses.ForbidsStoring(status) => NotStored.StatusForbidsStoring,
        var status when e.Directives.MustUnderstand && !Statuses.IsUnderstood(status) => NotStored.StatusNotUnderstood,
        _ => null,
    };

    private static NotStored? WhyNotByDirective(in Exchange e, StorabilityOptions options) => e.Directives switch
    {
        { NoStore: true, MustUnderstand: false } => NotStored.ForbiddenByNoStore,                  // §5.2.2.5, but §5.2.2.3
        _ when options.HonourRequestDirectives && CacheControl.OfRequest(e.Request.Fields).NoStore => NotStored.ForbiddenByRequest,   // §5.2.1.5
        { Private: true } => NotStored.Private,                                                    // §5.2.2.7
        { AllowsAuthorized: false } when e.IsAuthorized => NotStored.AuthorizedRequest,            // §3.5
        { Public: false } when !e.Lifetime.IsStated && !e.MayGuess => NotStored.NothingAllowsStoring,
        _ => null,
    };

    // Not required by §3: what could be stored and never answer a request, or answer the wrong one.
    private static NotStored? WhyNotByUse(in Exchange e, SetCookieStorage cookies)
    {
        if (Selection.Nominations.Of(e.Response.Fields).IsEverything) return NotStored.VariesOnEverything;
        if (e.Response.Fields.Has(FieldNames.SetCookie) && !MaySetCookie(e, cookies)) return NotStored.SetsCookie;
        return e.IsEverReusable ? null : NotStored.NeverReusable;
    }

    private static bool MaySetCookie(in Exchange e, SetCookieStorage rule) => rule switch
    {
        _ when KeepsCookies(e.Directives) => true, // stored without them
        SetCookieStorage.Always => true,
        SetCookieStorage.WithExplicitLifetime => IsMeantForAll(e.Directives, e.Lifetime),
        _ => e.Directives.Public || e.Directives.SMaxAge is not null,
    };

    /// <summary>Whether the origin itself lets many reuse this for a while; a lifetime of zero or no-cache is a word to one client.</summary>
    internal static bool IsMeantForAll(CacheControl directives, Lifetime lifetime) =>
        directives.Public || (lifetime is { IsExplicit: true, Value.Ticks: > 0 } && !directives.RequiresValidation);

    /// <summary>The fields that may be stored (§3.1): no connection fields, none that a qualified private keeps from shared caches.</summary>
    public static FieldLines StorableFields(TargetList targets, ResponseHead response)
    {
        var fields = ConnectionFields.ForStoring(response.Fields);
        var directives = CacheControl.OfResponse(fields, targets);
        if (directives.PrivateFields.IsEmpty && !KeepsCookies(directives)) return fields;
        var names = directives.PrivateFields.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (KeepsCookies(directives)) names.Add(FieldNames.SetCookie);
        return fields.Where(line => !names.Contains(line.Name));
    }

    // no-cache="Set-Cookie": the cookie of one client would be reused after a validation for another.
    private static bool KeepsCookies(CacheControl directives) => directives.NoCacheFields.Contains(FieldNames.SetCookie, StringComparer.OrdinalIgnoreCase);

    private readonly struct Exchange(RequestHead request, ResponseHead response, CacheControl directives, FreshnessOptions freshness)
    {
        public Exchange(RequestHead request, ResponseHead response, StorabilityOptions options)
            : this(request, response, CacheControl.OfResponse(response.Fields, options.Freshness.Targets), options.Freshness)
        {
        }

        public RequestHead Request { get; } = request;

        public ResponseHead Response { get; } = response;

        public CacheControl Directives { get; } = directives;

        public Lifetime Lifetime { get; } = FreshnessLifetime.Of(response, directives, LongAgo, freshness);

        public bool IsAuthorized => Request.Fields.Has(FieldNames.Authorization);

        public bool MayGuess => Statuses.IsHeuristicallyCacheable(Response.Status);

        // Fresh for a while, or can be validated, or may be served stale.
        public bool IsEverReusable =>
            EntityTag.Of(Response.Fields) is not null
            || HttpDate.Of(Response.Fields, FieldNames.LastModified, LongAgo) is not null
            || (!Directives.RequiresValidation
                && (Lifetime.Value > TimeSpan.Zero || Directives.StaleIfError > TimeSpan.Zero || Directives.StaleWhileRevalidate > TimeSpan.Zero));
    }
}
