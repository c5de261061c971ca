using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Freshness;

/// <summary>RFC 9111 §4.2.1 for a shared cache: s-maxage, max-age, Expires − Date, heuristic. The first that is present decides; after a targeted field (RFC 9213) Expires is not looked at.</summary>
public static class FreshnessLifetime
{
    public static Lifetime Of(ResponseHead response, DateTimeOffset responseTime, FreshnessOptions options) =>
        Of(response, CacheControl.OfResponse(response.Fields, options.Targets), responseTime, options);

    internal static Lifetime Of(ResponseHead response, CacheControl directives, DateTimeOffset responseTime, FreshnessOptions options)
    {
        if (directives.SMaxAge is { } shared) return new(shared, LifetimeSource.SMaxAge);
        if (directives.MaxAge is { } maxAge) return new(maxAge, LifetimeSource.MaxAge);
        var date = DateOf(response, responseTime);
        if (!directives.IsTargeted && response.Fields.Has(FieldNames.Expires))
            return new(UntilExpires(response.Fields, date, responseTime), LifetimeSource.Expires);
        var guess = MayGuess(response.Status, directives) ? Heuristic(response.Fields, date, responseTime, options) : Lifetime.None;
        return guess.Source == LifetimeSource.None ? Configured(response.Status, options) : guess;
    }

    // The operator's word, where the origin has none: off unless configured.
    private static Lifetime Configured(int status, FreshnessOptions options)
    {
        var lifetime = status switch
        {
            404 or 405 or 410 or 414 or 451 => options.ClientErrorLifetime,
            >= 500 and <= 504 => options.ServerErrorLifetime,
            _ => Statuses.IsHeuristicallyCacheable(status) ? options.DefaultLifetime : TimeSpan.Zero,
        };
        return lifetime > TimeSpan.Zero ? new(DeltaSeconds.Clamp(lifetime), LifetimeSource.Configured) : Lifetime.None;
    }

    /// <summary>Date, or the time of receipt where it is absent or not valid (RFC 9110 §6.6.1).</summary>
    internal static DateTimeOffset DateOf(ResponseHead response, DateTimeOffset responseTime) =>
        HttpDate.Of(response.Fields, FieldNames.Date, responseTime) ?? responseTime;

    // §5.3: an invalid date is a time in the past; of several the earliest counts.
    private static TimeSpan UntilExpires(FieldLines fields, DateTimeOffset date, DateTimeOffset responseTime)
    {
        var shortest = DeltaSeconds.Max;
        foreach (var line in fields)
        {
            if (!line.Is(FieldNames.Expires)) continue;
            if (!HttpDate.TryParse(line.Value, responseTime, out var expires)) return TimeSpan.Zero;
            if (expires - date < shortest) shortest = expires - date;
        }

        return DeltaSeconds.Clamp(shortest);
    }

    private static bool MayGuess(int status, CacheControl directives) =>
        Statuses.IsHeuristicallyCacheable(status) || directives.Public;

    private static Lifetime Heuristic(FieldLines fields, DateTimeOffset date, DateTimeOffset responseTime, FreshnessOptions options)
    {
        if (HttpDate.Of(fields, FieldNames.LastModified, responseTime) is not { } modified || modified > date) return Lifetime.None;
        var share = (date - modified) * Math.Clamp(options.HeuristicFraction, 0, 1);
        return new(DeltaSeconds.Clamp(share < options.HeuristicCap ? share : options.HeuristicCap), LifetimeSource.Heuristic);
    }
}
