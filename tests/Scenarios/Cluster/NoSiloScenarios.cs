using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>Not one silo answers: edges answer from the origin (P3), and soon.</summary>
[Collection(Waits.Name)]
public sealed class NoSiloScenarios : IAsyncLifetime
{
    private const string Site = "Host: site.example";

    // Very generous: on a busy machine all is slow. What hangs takes longer.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Language.Cluster.Starts(_origin, silos: 3, edges: 2);
        for (var i = 0; i < 20; i++) _origin.Answers($"/{i}", 200, ["Cache-Control: max-age=600"], $"content {i}");
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Promise", "P3")]
    public async Task When_all_silos_are_killed_edges_go_to_the_origins_and_cache_again_when_silos_are_back()
    {
        await AllAreAnswered();
        foreach (var silo in _cluster.Silos.ToArray()) await _cluster.Loses(silo);
        await AllAreAnswered();
        foreach (var edge in _cluster.Edges) await edge.Health.IsNotReady("cluster: ");
        await AllAreAnswered();

        await Task.WhenAll(_cluster.Joins("silo-1"), _cluster.Joins("silo-2"));
        await _cluster.IsReady();
        foreach (var edge in _cluster.Edges) await _cluster.Stores(edge, "/anew");
    }

    [Fact, Trait("Promise", "P3")]
    public async Task When_all_silos_are_frozen_edges_go_to_the_origins_and_caching_goes_on_when_they_are_not()
    {
        await AllAreAnswered();
        foreach (var silo in _cluster.Silos) silo.Process.IsPaused();
        for (var time = 0; time < 3; time++) await AllAreAnswered();
        foreach (var silo in _cluster.Silos) silo.Process.IsResumed();
        foreach (var edge in _cluster.Edges) await _cluster.Stores(edge, "/anew");
    }

    /// <summary>All at once, from both edges, each before <see cref="Soon"/>, with the content or with 503 and when to come back.</summary>
    private async Task AllAreAnswered()
    {
        var began = TimeProvider.System.GetTimestamp();
        foreach (var edge in _cluster.Edges)
        {
            using var client = edge.Client();
            var asking = Enumerable.Range(0, 20).Select(i => (Asking: client.Asks($"/{i}", Site), Content: $"content {i}")).ToList();
            foreach (var one in asking)
            {
                var got = await one.Asking.Gets();
                if (got.Status == 503) Assert.NotNull(got.Field("Retry-After"));
                else got.HasStatus(200).HasContent(one.Content);
            }
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Soon);
    }
}
