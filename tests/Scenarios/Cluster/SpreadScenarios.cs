using Xunit.Abstractions;

namespace Granary.Scenarios.Cluster;

/// <summary>
/// Silos join and leave under load: no request fails, no origin is asked again, and what is stored moves to where it belongs (P6). An owner hears of hits at the edges when a lease is renewed,
/// and only then offers copies to those who have come: with the shortest leases it is soon even.
/// </summary>
[Collection(Waits.Name)]
public sealed class SpreadScenarios(ITestOutputHelper output) : LoadedCluster(output, "--Granary:Leases:Duration", "1s")
{
    [Fact, Trait("Promise", "P6")]
    public async Task From_three_silos_to_five_and_back_nothing_is_lost_and_each_has_its_share()
    {
        await IsWarm();
        await LoadBegins();
        await Task.WhenAll(Cluster.Joins(), Cluster.Joins());
        await Placing.IsEven(Cluster.Silos, Urls);
        foreach (var silo in Cluster.Silos.Skip(3).ToArray()) Assert.Equal(0, await Cluster.SendsAway(silo));
        await Placing.IsEven(Cluster.Silos, Urls);
        await NobodyNoticed();
        OriginWasSpared(but: 0);
    }
}
