using Xunit.Abstractions;

namespace Granary.Scenarios.Cluster;

/// <summary>A silo joins under load, or one URL gets hot: no request fails, and no origin is asked again (P6).</summary>
[Collection(Waits.Name)]
public sealed class ScaleScenarios(ITestOutputHelper output) : LoadedCluster(output)
{
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
