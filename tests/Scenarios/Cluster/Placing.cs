using Granary.Grains.Placement;
using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>Where the URLs of a steady load belong, and whether they are there.</summary>
internal static class Placing
{
    /// <summary>The silos by rank for a URL of the set: its owner, the one that keeps a copy of what is popular, and so on.</summary>
    public static SiloProcess[] Of(int url, IReadOnlyCollection<SiloProcess> silos) => Rendezvous.Rank(SteadyLoad.UriOf(url), silos, static silo => silo.Name);

    /// <summary>How many stored responses that silo has when all are where they belong and all are popular: its own, and a copy of each for which it ranks next.</summary>
    public static int Due(SiloProcess silo, IReadOnlyCollection<SiloProcess> silos, int urls) => Enumerable.Range(0, urls).Count(i => Of(i, silos).Take(2).Contains(silo));

    /// <summary>Waits until each silo has what is due to it, within a tenth.</summary>
    public static async Task IsEven(IReadOnlyCollection<SiloProcess> silos, int urls)
    {
        var state = "";
        await Deadline.Until(
            async () =>
            {
                var all = await Task.WhenAll(silos.Select(async silo => (silo.Name, Due: Due(silo, silos, urls), Has: await silo.Health.Metric("granary_store_responses"))));
                state = string.Join(", ", all.Select(one => $"{one.Name} has {one.Has} of {one.Due}"));
                return all.All(static one => Math.Abs(one.Has - one.Due) <= one.Due / 10.0 + 2); // and what was stored to see that the cluster is up
            },
            () => state);
    }
}
