using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>What one edge has caused to be stored, all have.</summary>
[Collection(Processes.Name)]
public sealed class SharingScenarios(SharedCluster shared) : IAsyncLifetime
{
    // Clients name the site, not the edge.
    private const string Site = "Host: site.example";

    private Origin _origin = null!;
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => (_cluster, _origin) = (await shared.Whole(), shared.Origin);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact, Trait("Promise", "P1")]
    public async Task A_miss_on_one_edge_is_a_hit_on_the_other_for_small_content_and_for_large()
    {
        using var one = _cluster.Edges[0].Client();
        using var other = _cluster.Edges[1].Client();
        foreach (var (path, content) in new[] { ("/small", "small"), ("/large", new string('x', 300_000)) })
        {
            _origin.Answers(path, 200, ["Cache-Control: max-age=60"], content);
            await one.Asks(path, Site).Gets(200, content, Outcome.Stored);
            await other.Asks(path, Site).Gets(200, content, Outcome.Hit);
            _origin.WasAsked(path, 1);
        }
    }
}
