using Granary.Language;
using Xunit.Abstractions;

namespace Granary.Scenarios.Cluster;

/// <summary>Popular URLs, steady load on two edges, and something happens to a process: nobody notices (P3), and the origins are not asked again (P6).</summary>
[Collection(Processes.Name)]
public sealed class LossScenarios(ITestOutputHelper output) : LoadedCluster(output)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await IsWarm();
    }

    [Fact, Trait("Promise", "P3"), Trait("Promise", "P6")]
    public async Task A_silo_that_is_killed_is_noticed_by_no_client_and_by_no_origin()
    {
        await LoadBegins();
        var lost = Cluster.Silos[0];
        await Cluster.Loses(lost);
        foreach (var silo in Cluster.Silos) await silo.HasSeenDie(lost);
        await LoadGoesOn(IsSoak ? 20 : 5);
        await NobodyNoticed();
        OriginWasSpared(but: Few);
    }

    [Fact, Trait("Promise", "P3"), Trait("Promise", "P6")]
    public async Task A_silo_that_is_frozen_is_noticed_by_no_client_and_by_no_origin()
    {
        await LoadBegins();
        var frozen = Cluster.Silos[0];
        frozen.Process.IsPaused();
        foreach (var silo in Cluster.Silos.Skip(1)) await silo.HasSeenDie(frozen);
        await LoadGoesOn(IsSoak ? 15 : 5);
        frozen.Process.IsResumed();
        await frozen.Process.Ends();
        await LoadGoesOn(1);
        await NobodyNoticed();
        OriginWasSpared(but: Few);
    }

    [Fact, Trait("Promise", "P3"), Trait("Promise", "P6")]
    public async Task A_rolling_restart_of_all_silos_is_noticed_by_no_client_and_by_no_origin()
    {
        await LoadBegins();
        foreach (var silo in Cluster.Silos.ToArray())
        {
            Assert.Equal(0, await Cluster.SendsAway(silo));
            await Cluster.Joins(silo.Name);
            await LoadGoesOn(2);
        }

        await NobodyNoticed();
        OriginWasSpared(but: 0);
    }

    [Fact, Trait("Promise", "P3")]
    public async Task Redis_that_is_killed_and_comes_back_empty_is_noticed_by_no_client()
    {
        await LoadBegins();
        await Cluster.Redis.IsKilled();
        await LoadGoesOn(IsSoak ? 60 : 5);
        await Cluster.Redis.ComesUp();
        await LoadGoesOn(1);
        await Cluster.Joins();
        await LoadGoesOn(2);
        await NobodyNoticed();
        OriginWasSpared(but: Few);
    }

    [Fact, Trait("Promise", "P3")]
    public async Task Two_of_three_silos_killed_at_once_leave_one_that_serves_all()
    {
        await LoadBegins();
        SiloProcess[] lost = [.. Cluster.Silos.Take(2)];
        await Task.WhenAll(lost.Select(silo => silo.Process.IsKilled()));
        await LoadGoesOn(5);
        foreach (var silo in lost) await Cluster.Silos[2].HasSeenDie(silo); // one vote is enough when all others are gone
        await LoadGoesOn(2);
        await NobodyNoticed();

        // What both had is asked for once more, and then the last one has it; what it owned or had a copy of is not.
        var without = Enumerable.Range(0, Urls).Count(i => Placing.Of(i, Cluster.Silos)[^1] == Cluster.Silos[2]);
        OriginWasSpared(but: without + Few);
    }
}
