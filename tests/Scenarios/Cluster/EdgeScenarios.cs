using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>Edges have no state: one that is gone is missed by its own clients alone, one that starts serves what is stored.</summary>
[Collection(Processes.Name)]
public sealed class EdgeScenarios(SharedCluster shared) : IAsyncLifetime
{
    private const int Urls = 50, PerSecond = 100;

    private Origin _origin = null!;
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => (_cluster, _origin) = (await shared.Whole(), shared.Origin);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact, Trait("Promise", "P3")]
    public async Task An_edge_that_is_killed_is_noticed_by_its_own_clients_alone_and_one_that_starts_serves_what_is_stored()
    {
        await using var here = SteadyLoad.On(_origin, [_cluster.Edges[0]], Urls);
        await using var there = SteadyLoad.On(_origin, [_cluster.Edges[1]], Urls);
        here.Begins(PerSecond);
        there.Begins(PerSecond);
        await there.Answers(PerSecond);
        await _cluster.Loses(_cluster.Edges[0]);
        await there.Answers(3 * PerSecond);

        var again = await _cluster.EdgeStarts();
        await again.Health.IsReady();
        await using var anew = SteadyLoad.On(_origin, [again], Urls);
        await anew.Warms(1);
        await there.Answers(PerSecond);
        await there.Ends();
        there.NobodyNoticed();
        Assert.Equal(Urls, there.AskedOfOrigin);
    }
}
