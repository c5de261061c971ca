using Xunit.Abstractions;

namespace Granary.Scenarios.Cluster;

/// <summary>Silos join and leave under load: no request fails, no origin is asked again, and what is stored moves to where it belongs (P6).</summary>
// An owner hears of hits at the edges when a lease is renewed, and only then offers copies to those who have come: with short leases all moves sooner.
[Collection(Waits.Name)]
public sealed class ScaleScenarios(ITestOutputHelper output) : LoadedCluster(output, "--Granary:Leases:Duration", "1s")
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

    [Fact, Trait("Promise", "P1"), Trait("Promise", "P6")]
    public async Task A_silo_that_starts_empty_under_load_asks_no_origin_for_what_others_have_or_fetch()
    {
        await LoadBegins(); // half of the set is cold when it starts
        await Cluster.Joins();
        await LoadGoesOn(Urls / PerSecond + 2);
        await NobodyNoticed();
        OriginWasSpared(but: 0);
    }

    [Fact, Trait("Promise", "P1"), Trait("Promise", "P3")]
    public async Task One_URL_that_takes_most_of_the_load_is_asked_of_the_origin_once_and_hurts_no_other()
    {
        await LoadBegins(hot: 5); // four in five are for one URL
        await LoadGoesOn(Math.Max(5, 5 * Urls / PerSecond));
        await NobodyNoticed();
        OriginWasSpared(but: 0);
    }
}
