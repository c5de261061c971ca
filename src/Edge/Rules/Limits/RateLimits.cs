using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Granary.Edge.Routing;
using Granary.Silo.Configuration;

namespace Granary.Edge.Rules.Limits;

/// <summary>The limits of <c>Granary:RateLimits</c>: those that hold for all, and those that a route names. They may change while it runs; a limit that stays as it was keeps its counts.</summary>
internal sealed class RateLimits
{
    private readonly Func<ImmutableArray<RateLimitSettings>> _settings;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _refused;
    private readonly Lock _changing = new();
    private Known _known;

    public RateLimits(Func<ImmutableArray<RateLimitSettings>> settings, TimeProvider clock, IMeterFactory meters)
    {
        (_settings, _clock) = (settings, clock);
        _known = new Known(settings(), [.. settings().Select(each => new RateLimit(each, clock))]);
        var meter = meters.Create("Granary.Edge");
        _refused = meter.CreateCounter<long>("granary.limits.refused", description: "Requests refused with 429, by limit.");
        meter.CreateObservableGauge("granary.limits.clients", () => _known.All.Select(static limit => new Measurement<int>(limit.Clients, Label(limit))), description: "Clients that are counted, by limit.");
    }

    /// <param name="permits">To be disposed when the request has ended; null if there is nothing to give back.</param>
    /// <returns>Seconds after which to ask again, if a limit is reached; else null.</returns>
    public int? Take(HttpContext context, Routed? routed, out IDisposable? permits)
    {
        permits = null;
        var known = Current();
        if (known.All.IsEmpty || routed is { Caching.IsUnlimited: true }) return null;
        var client = ClientKey.Of(context.Connection.RemoteIpAddress);
        foreach (var limit in known.All)
        {
            if (!limit.Settings.Everywhere && !IsNamed(limit, routed?.Caching.RateLimit)) continue;
            var permit = limit.Take(client);
            if (permit.RetryAfter is { } seconds) return Refuse(limit, seconds, ref permits);
            if (permit.Limit is not null) permits = new Held(permit, permits);
        }

        return null;
    }

    /// <param name="permit">To be disposed when what was permitted has ended; null if there is nothing to give back.</param>
    /// <returns>Seconds after which to ask again, if the limit of that name is reached; else null.</returns>
    public int? Take(string name, ClientKey client, out IDisposable? permit)
    {
        permit = null;
        foreach (var limit in Current().All)
        {
            if (!IsNamed(limit, name)) continue;
            var taken = limit.Take(client);
            if (taken.RetryAfter is { } seconds) return Refuse(limit, seconds, ref permit);
            if (taken.Limit is not null) permit = new Held(taken, null);
        }

        return null;
    }

    private static bool IsNamed(RateLimit limit, string? name) => name is not null && name.Equals(limit.Settings.Name, StringComparison.OrdinalIgnoreCase);

    private int Refuse(RateLimit limit, int seconds, ref IDisposable? permits)
    {
        permits?.Dispose();
        permits = null;
        _refused.Add(1, Label(limit));
        return seconds;
    }

    private static KeyValuePair<string, object?> Label(RateLimit limit) => new("limit", limit.Settings.Name);

    private Known Current()
    {
        var (known, now) = (Volatile.Read(ref _known), _settings());
        return known.From == now ? known : Change(now);
    }

    private Known Change(ImmutableArray<RateLimitSettings> now)
    {
        lock (_changing)
        {
            var old = _known;
            if (old.From == now) return old;
            return _known = new Known(now, [.. now.Select(each => old.All.FirstOrDefault(limit => limit.Settings == each) ?? new RateLimit(each, _clock))]);
        }
    }

    private sealed record Known(ImmutableArray<RateLimitSettings> From, ImmutableArray<RateLimit> All);

    private sealed class Held(Permit permit, IDisposable? others) : IDisposable
    {
        public void Dispose()
        {
            permit.Dispose();
            others?.Dispose();
        }
    }
}
