using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>What becomes of a cluster when something becomes of its Redis.</summary>
[Collection(Waits.Name)]
public sealed class RedisScenarios : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Language.Cluster.Starts(_origin, silos: 3, edges: 0);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task When_Redis_comes_back_empty_the_members_put_the_table_back_and_the_cluster_is_one_again(bool isRestarted)
    {
        var redis = _cluster.Redis;
        if (isRestarted)
        {
            await redis.IsKilled();
            await redis.ComesUp();
        }
        else
        {
            await redis.IsEmptied();
        }

        await Wait.Until(async () => await redis.CountOfRows() >= 3, "The rows do not come back.");

        var fourth = await _cluster.Joins();
        foreach (var silo in _cluster.Silos.Where(silo => silo != fourth)) await silo.HasSeen(fourth);
        var lost = _cluster.Silos[0];
        await _cluster.Loses(lost);
        foreach (var silo in _cluster.Silos) await silo.HasSeenDie(lost);

        var edge = await _cluster.EdgeStarts();
        await edge.Health.IsReady();
        Assert.All(_cluster.Silos, silo => Assert.True(silo.Process.IsRunning, silo.Process.Output));
        Assert.InRange(_cluster.Silos.Append(lost).Sum(silo => silo.Process.Count("is put back with")), 1, 3); // once, unless two were at it at once
    }

    [Fact]
    public async Task While_Redis_is_away_members_go_on_and_say_it_once()
    {
        var edge = await _cluster.EdgeStarts();
        await edge.Health.IsReady();
        await _cluster.Redis.IsKilled();
        foreach (var silo in _cluster.Silos) await silo.Process.Says("Redis does not give the membership table");

        await _cluster.Stores(edge, "/meanwhile");
        var late = await _cluster.EdgeStarts();
        await late.Health.IsNotReady("cluster: Waiting for a silo.");

        await _cluster.Redis.ComesUp();
        foreach (var silo in _cluster.Silos)
        {
            await silo.Process.Says("Redis gives the membership table again");
            Assert.Equal(1, silo.Process.Count("Redis does not give"));
            Assert.DoesNotContain("   at ", silo.Process.Output, StringComparison.Ordinal); // no stack traces
        }

        await late.Health.IsReady();
    }

    [Fact, Trait("Promise", "P2"), Trait("Promise", "P3")]
    public async Task While_Redis_is_away_edges_go_on_with_their_leased_copies_and_purges_hold()
    {
        var edge = await _cluster.EdgeStarts();
        await edge.Health.IsReady();
        _origin.Answers("/leased", 200, ["Cache-Control: max-age=600"], "old");
        using var client = edge.Client();
        await IsLeased(edge, client, "old");
        await _cluster.Redis.IsKilled();
        await Wait.For(TimeSpan.FromSeconds(6)); // whatever was looked at before says nothing any more
        await IsLeased(edge, client, "old");

        _origin.Answers("/leased", 200, ["Cache-Control: max-age=600"], "new");
        await client.Sends("PURGE", "/leased", ["Host: redis.example"]).Gets(200);
        await client.Asks("/leased", "Host: redis.example").Gets(200, "new");
        await IsLeased(edge, client, "new");
        Assert.All(_cluster.Silos, static silo => Assert.DoesNotContain("answers nothing from what it keeps", silo.Process.Output, StringComparison.Ordinal));
    }

    private static async Task IsLeased(EdgeProcess edge, Client client, string content)
    {
        var before = await edge.Health.Metric("granary_leases_answered_total");
        await Deadline.Until(
            async () =>
            {
                await client.Asks("/leased", "Host: redis.example").Gets(200, content);
                return await edge.Health.Metric("granary_leases_answered_total") > before + 3;
            },
            static () => "It is not answered from a leased copy.");
    }

    [Fact]
    public async Task A_Redis_that_takes_no_writes_is_said_once_and_nobody_leaves()
    {
        if (!RedisServer.IsReal) return; // Garnet cannot be told to take none
        await _cluster.Redis.TakesNoWrites();
        foreach (var silo in _cluster.Silos) await silo.Process.Says("takes no writes");
        await _cluster.Redis.TakesNoWrites(false);
        foreach (var silo in _cluster.Silos) await silo.Process.Says("takes writes again");
        Assert.All(_cluster.Silos, silo => Assert.Equal(1, silo.Process.Count("takes no writes")));
    }
}
