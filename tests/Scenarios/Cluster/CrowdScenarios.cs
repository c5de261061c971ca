using System.Security.Cryptography;
using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>Many clients at once on one URL, over two edges and three silos.</summary>
[Collection(Processes.Name)]
public sealed class CrowdScenarios(SharedCluster shared) : IClassFixture<SharedCluster>, IAsyncLifetime
{
    private const string Host = "Host: crowd.example";
    private static readonly int Clients = Environment.GetEnvironmentVariable("GRANARY_SOAK") == "1" ? 2_000 : 500;

    private Origin _origin = null!;
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => (_cluster, _origin) = (await shared.Whole(), shared.Origin);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact, Trait("Promise", "P1")]
    public async Task Clients_of_both_edges_on_a_cold_URL_cost_the_origin_one_request()
    {
        var gate = new TaskCompletionSource();
        var content = Convert.ToHexString(RandomNumberGenerator.GetBytes(8 * 1024));
        _origin.Acts("/cold", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60"], content);
        });
        using var here = _cluster.Edges[0].Client();
        using var there = _cluster.Edges[1].Client();
        var asking = Enumerable.Range(0, Clients).Select(i => (i % 2 == 0 ? here : there).Asks("/cold", Host)).ToList();
        await _origin.IsAsked("/cold");
        gate.SetResult();
        foreach (var one in asking) await one.Gets(200, content);
        _origin.WasAsked("/cold", 1);
    }

    [Fact, Trait("Promise", "P1"), Trait("Promise", "P4")]
    public async Task When_the_owner_is_killed_in_mid_content_clients_get_the_whole_or_a_visible_cut_and_each_edge_asks_the_origin_at_most_once_more()
    {
        var content = Convert.ToHexString(RandomNumberGenerator.GetBytes(256 * 1024));
        var gate = new TaskCompletionSource();
        var asked = 0;
        _origin.Acts("/torn", async side =>
        {
            await side.Answers(200, ["Cache-Control: max-age=60", $"Content-Length: {content.Length}"]);
            await side.Sends(content[..(content.Length / 2)]);
            if (Interlocked.Increment(ref asked) == 1) await gate.Task;
            await side.Sends(content[(content.Length / 2)..]);
        });
        using var here = _cluster.Edges[0].Client();
        using var there = _cluster.Edges[1].Client();
        var before = Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? here : there).Asks("/torn", Host)).ToList();
        foreach (var one in before) await one.Head;
        var owner = Grains.Placement.Rendezvous.Rank($"http://crowd.example/torn", _cluster.Silos, static silo => silo.Name)[0];
        await _cluster.Loses(owner);
        var after = Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? here : there).Asks("/torn", Host)).ToList();
        foreach (var one in before) await one.IsWholeOrCut(content);
        foreach (var one in after) await one.Gets(200, content);
        gate.SetResult();
        Assert.InRange(_origin.Requests("/torn").Count, 1, 3); // by its next owner, or past one that is not known yet (P3)
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_purge_at_one_edge_holds_at_the_other_for_copies_too()
    {
        using var here = _cluster.Edges[0].Client();
        using var there = _cluster.Edges[1].Client();
        for (var version = 1; version <= 20; version++)
        {
            _origin.Answers("/item", 200, ["Cache-Control: max-age=3600"], $"version {version}");
            for (var hit = 0; hit < 5; hit++) await here.Asks("/item", Host).Gets(200, $"version {version}"); // known as popular, so it is copied
            await there.Asks("/item", Host).Gets(200, $"version {version}");
            await there.Sends("PURGE", "/item", [Host]).Gets(200);
        }
    }
}
