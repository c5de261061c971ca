using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>Fault 22: a silo does not answer, and Redis, which alone could tell that it is gone, does not either. So nobody knows whether a purge holds, and nobody says that it does.</summary>
[Collection(Cluster.Waits.Name)]
public sealed class DoubtScenarios : IAsyncLifetime
{
    private const string Host = "Host: doubted.example";

    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;

    // The shortest leases: a purge waits for two of them, and for more, until it is refused.
    private static readonly string[] Switches = ["--Granary:Leases:Duration", "1s"];

    public async Task InitializeAsync() => _cluster = await Language.Cluster.Starts(_origin, silos: 2, edges: 1, edgeSwitches: Switches, siloSwitches: Switches);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_purge_that_nobody_can_be_sure_of_is_refused_and_an_unsafe_request_says_so()
    {
        _origin.Answers("/doubted", 200, ["Cache-Control: max-age=3600"], "before");
        using var client = _cluster.Edges[0].Client();
        await client.Asks("/doubted", Host).Gets(200, "before");
        _cluster.Redis.IsPaused();
        _cluster.Silos[1].Process.IsPaused();

        var purge = client.Sends("PURGE", "/doubted", [Host]).Gets(503);
        var unsafeRequest = client.Sends("POST", "/doubted", [Host], "").Gets(200);
        var atEdge = _cluster.Edges[0].Health.Purges("""{"url": "http://doubted.example/doubted"}""");
        var atSilo = _cluster.Silos[0].Health.Purges("""{"tag": "doubted"}""");
        await purge;
        Assert.Contains("detail=invalidation-not-sure", (await unsafeRequest).CacheStatus, StringComparison.Ordinal);
        Assert.Equal(503, await atEdge);
        Assert.Equal(503, await atSilo);

        _cluster.Silos[1].Process.IsResumed();
        _cluster.Redis.IsResumed();
        await Deadline.Until(async () => await _cluster.Edges[0].Health.Purges("""{"url": "http://doubted.example/doubted"}""") == 200, static () => "It is refused for ever.");
    }
}
