using Orleans.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>How any silo of ours hosts grains, embedded or in a cluster.</summary>
internal static class GrainHosting
{
    public static ISiloBuilder HostGrains(this ISiloBuilder silo, TimeProvider clock)
    {
        silo.Services.CollectActivationsBySteadyTime(clock);
        // An idle activation costs 2.5 KB and says nothing that the store does not: a thousand new URLs a second must not pile up.
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionAge = TimeSpan.FromSeconds(15);
            collection.CollectionQuantum = TimeSpan.FromSeconds(5);
        });
        return silo;
    }
}
