using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Egress.Parents;
using Granary.Grains.Hosting;
using Granary.Grains.Leases;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;
using Granary.Grains.Origin.Tls;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Reusability;
using Granary.Semantics.Storability;
using Granary.Silo.Configuration;
using Granary.Silo.Tls;

namespace Granary.Silo.Hosting;

/// <summary>What of the configuration concerns the grains.</summary>
public static class GrainSettingsReading
{
    public static GrainSettings Of(GranarySettings settings, Func<GranarySettings> current) => Of(settings, current, ParentGroups.Of(settings.Egress));

    private static GrainSettings Of(GranarySettings settings, Func<GranarySettings> current, ImmutableArray<ParentGroup> parents) => new(
        Live(current, static now => FetchOf(now.Fetch)), Live(current, ResourcesOf), StoreOf(settings.Store), new DestinationPolicy(() => current().Access.AllowDestinations))
    {
        Copies = Live(current, static now => new CopyOptions { Copies = now.Cluster.Copies, CopyAfterHits = now.Cluster.CopyAfterHits }),
        Egress = Live(current, now => ParentGroups.OptionsOf(now, parents)),
        Leases = new LeaseOptions { Duration = settings.Leases.Duration, AreOn = settings.Leases.MemoryLimit > 0 },
    };

    /// <summary>Made anew only when the settings are other ones.</summary>
    private static Func<T> Live<T>(Func<GranarySettings> current, Func<GranarySettings, T> make)
    {
        var last = new Made<T>(current(), make(current()));
        return () =>
        {
            var (now, made) = (current(), last);
            if (ReferenceEquals(made.From, now)) return made.Value;
            last = new Made<T>(now, make(now));
            return last.Value;
        };
    }

    private sealed record Made<T>(GranarySettings From, T Value);

    private static FetchOptions FetchOf(FetchSettings fetch) => new()
    {
        ConnectTimeout = fetch.ConnectTimeout,
        HeadTimeout = fetch.HeadTimeout,
        IdleTimeout = fetch.IdleTimeout,
        MaxHeadBytes = (int)fetch.MaxHeadSize,
        MinRate = fetch.MinRate,
        MinRateGrace = fetch.MinRateGrace,
        Tries = fetch.Tries,
        RetryStatuses = fetch.RetryStatuses,
        MaxFetchesPerOrigin = fetch.MaxFetchesPerOrigin,
        MaxQueuedFetches = fetch.MaxQueuedFetches,
        CircuitFailures = fetch.CircuitFailures,
        CircuitPause = fetch.CircuitPause,
        MaxConnectionsPerOrigin = fetch.MaxConnectionsPerOrigin,
        Tls = TlsOf(fetch.Tls),
    };

    private static OriginTlsOptions TlsOf(OriginTlsSettings tls) => new()
    {
        Authority = tls.Authority,
        TrustsSystem = tls.TrustSystem,
        ServerName = tls.ServerName,
        Own = tls.Files,
        Protocols = Handshakes.ProtocolsFrom(tls.MinVersion),
        AcceptsAnyCertificate = tls.AcceptAnyCertificate,
    };

    private static ResourceOptions ResourcesOf(GranarySettings settings) => new()
    {
        MaxWaitersPerUrl = settings.Fetch.MaxWaitersPerUrl,
        PassMemory = settings.Fetch.PassMemory,
        SurrogateKeyFields = settings.Cache.SurrogateKeyFields,
        PassSurrogateKeys = settings.Cache.PassSurrogateKeys,
        RememberEarlyHints = settings.Cache.RememberEarlyHints,
        StripQueryParameters = settings.Cache.StripQueryParameters,
        Storability = new StorabilityOptions { SetCookie = settings.Cache.SetCookie },
        Reuse = new ReuseOptions { HonourRequestDirectives = settings.Cache.HonourRequestDirectives },
        Freshness = new FreshnessOptions
        {
            Targets = new TargetList(settings.Cache.Targets),
            HeuristicFraction = settings.Freshness.HeuristicFraction,
            HeuristicCap = settings.Freshness.HeuristicCap,
            DefaultLifetime = settings.Freshness.DefaultLifetime,
            ClientErrorLifetime = settings.Freshness.ClientErrorLifetime,
            ServerErrorLifetime = settings.Freshness.ServerErrorLifetime,
        },
    };

    private static ResponseStoreOptions StoreOf(StoreSettings store) => new()
    {
        MemoryBytes = store.Memory,
        MaxResponseBytes = store.MaxResponseSize ?? 0,
        MaxVariantsPerKey = store.MaxVariantsPerUrl,
    };
}
