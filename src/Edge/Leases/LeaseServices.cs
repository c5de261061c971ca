using Granary.Edge.Leases.Segments;
using Granary.Edge.Owners;
using Granary.Grains.Copies;
using Granary.Grains.Explaining;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Silo.Configuration;
using Granary.Silo.Membership;

namespace Granary.Edge.Leases;

/// <summary>What an edge of a cluster has for leased copies.</summary>
internal static class LeaseServices
{
    /// <summary>In front of <see cref="ClusterOwners"/>; without memory for copies, only that.</summary>
    /// <param name="name">For people, who ask who holds leases.</param>
    /// <param name="now">The settings that hold; the memory is that of the start.</param>
    public static IServiceCollection AddOwners(this IServiceCollection services, string name, Func<LeaseSettings> now)
    {
        services.AddSingleton<SiloCalls>().AddSingleton<ISiloCalls>(static provider => provider.GetRequiredService<SiloCalls>());
        services.AddSingleton(now).AddSingleton<DecisionLog>().AddSingleton<ClusterOwners>().AddHostedService<SilosWatch>();
        return now().MemoryLimit == 0 ? services.AddSingleton<IOwners>(static provider => provider.GetRequiredService<ClusterOwners>()) : services.AddLeases(name, now);
    }

    private static IServiceCollection AddLeases(this IServiceCollection services, string name, Func<LeaseSettings> now)
    {
        var edge = $"{name}-{Guid.NewGuid():N}";
        services.AddSingleton(provider => new ResponseStore(StoreOf(now()), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RecallCounts>().AddSingleton<Demand>().AddSingleton<LeaseMeter>().AddSingleton<SegmentStore>().AddSingleton<LeasedCopies>().AddSingleton<GrantIntake>();
        services.AddSingleton<IContentPort, ContentPortClient>().AddSingleton<CopyFilling>();
        services.AddSingleton<TableRows>().AddSingleton<ReadActive>(static provider => async cancellation => (await provider.GetRequiredService<TableRows>().Read(cancellation)).Active());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Lines>(provider, edge));
        services.AddSingleton<LineTo>(static provider => provider.GetRequiredService<Lines>().Of);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LeaseAsking>(provider, edge));
        services.AddHostedService(Watched);
        return services.AddSingleton<IOwners>(static provider => ActivatorUtilities.CreateInstance<LeasedOwners>(provider, provider.GetRequiredService<ClusterOwners>()));
    }

    private static Lines Watched(IServiceProvider provider)
    {
        var lines = provider.GetRequiredService<Lines>();
        provider.GetRequiredService<LeaseMeter>().Watch(provider.GetRequiredService<ResponseStore>(), () => lines.Sessions);
        return lines;
    }

    internal static ResponseStoreOptions StoreOf(LeaseSettings settings) => new()
    {
        MemoryBytes = settings.MemoryLimit,
        MaxResponseBytes = Math.Min(settings.MaxCopySize, settings.MemoryLimit / 8),
        MaxVariantsPerKey = GrantIntake.MostVariants,
        BytesBeside = Held.Bytes,
    };
}
