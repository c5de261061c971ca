using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>Processes may start in any order.</summary>
[Collection(Waits.Name)]
public sealed class StartScenarios : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Language.Cluster.Empty(_origin, hasRedis: false);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Edges_and_silos_that_start_before_Redis_wait_say_so_and_then_serve()
    {
        _origin.Answers("/early", 200, ["Cache-Control: max-age=60"], "early");
        var edge = await _cluster.EdgeStarts();
        await edge.Health.IsNotReady("cluster: Waiting for a silo.");
        using var client = edge.Client();
        await client.Asks("/early").Gets(200, "early", Outcome.NotStored); // P3: no cache, still an answer

        var silo = await _cluster.SiloStarts();
        await silo.Health.IsNotReady("cluster: Waiting for Redis.");
        await silo.Process.Says("Waiting for Redis at");
        await edge.Process.Says("Waiting for the cluster"); // when its first attempt has run out

        await _cluster.Redis.ComesUp();
        await _cluster.IsReady();
        Assert.InRange(edge.Process.Count("Waiting for the cluster"), 1, 12); // once in ten seconds, no flood
    }

    [Fact]
    public async Task A_silo_with_the_name_of_one_that_lives_refuses_and_one_that_died_is_followed_at_once()
    {
        await _cluster.Redis.ComesUp();
        var first = await _cluster.Joins("twin");

        var second = await _cluster.SiloStarts("twin");
        Assert.Equal(1, await second.Process.Ends());
        Assert.Contains("a silo named twin is in the cluster already", second.Process.Output, StringComparison.Ordinal);
        Assert.Equal("ready", await first.Health.Readiness());

        await _cluster.Loses(first);
        await _cluster.Joins("twin");
    }

    [Fact]
    public async Task A_silo_that_is_told_to_stop_leaves_in_order_and_ends_with_zero()
    {
        await _cluster.Redis.ComesUp();
        var stays = await _cluster.Joins();
        var goes = await _cluster.Joins();
        await stays.HasSeen(goes);

        Assert.Equal(0, await _cluster.SendsAway(goes));

        await stays.Process.Says($"Silo {goes.Name} at .* is leaving");
        Assert.Equal(0, stays.Process.Count($"Silo {goes.Name} at .* is dead"));
    }
}
