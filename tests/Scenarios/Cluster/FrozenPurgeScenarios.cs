using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>P2 while a silo is frozen: a purge waits no longer than one lease, and what was purged never comes back, also when that silo does.</summary>
[Collection(Waits.Name)]
public sealed class FrozenPurgeScenarios : IAsyncLifetime
{
    private const string Site = "Host: purged.example";

    private static readonly string[] Fields = ["Cache-Control: max-age=600", "Surrogate-Key: news"];

    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Language.Cluster.Starts(_origin, silos: 3, edges: 2);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Promise", "P2")]
    public async Task While_a_silo_is_frozen_what_a_purge_was_acknowledged_for_is_served_by_no_edge_ever_again()
    {
        var frozen = _cluster.Silos[0];
        string[] paths = [PathWith(frozen, 0), PathWith(frozen, 1), PathWith(frozen, 2)]; // it owns one, stands in for one, and has nothing of the third
        foreach (var path in paths) await IsStored(path, "old");

        frozen.Process.IsPaused();
        foreach (var path in paths) _origin.Answers(path, 200, ["Cache-Control: max-age=600"], "new");
        var began = TimeProvider.System.GetTimestamp();
        var purged = await Task.WhenAll(paths.Select((path, i) => IsPurged(path, _cluster.Edges[i % 2])));
        var took = TimeProvider.System.GetElapsedTime(began);
        await Task.WhenAll(paths.Select(IsNew));
        frozen.Process.IsResumed();
        for (var time = 0; time < 10; time++) await Task.WhenAll(paths.Select(IsNew));

        Assert.All(purged, Assert.True);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(9)); // 5 s, on a machine that has nothing else to do
    }

    [Theory, Trait("Promise", "P2")]
    [InlineData("""{"tag": "news"}""")]
    [InlineData("""{"host": "purged.example"}""")]
    public async Task While_a_silo_is_frozen_a_purge_of_a_scope_waits_no_longer(string call)
    {
        var frozen = _cluster.Silos[0];
        string[] paths = [PathWith(frozen, 0), PathWith(frozen, 1), PathWith(frozen, 2)];
        foreach (var path in paths) await IsStored(path, "old");

        frozen.Process.IsPaused();
        foreach (var path in paths) _origin.Answers(path, 200, Fields, "new");
        var began = TimeProvider.System.GetTimestamp();
        Assert.Contains($"\"fenced\":[\"{frozen.Name}\"]", await _cluster.Edges[0].Health.Purged(call), StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(9));
        await Task.WhenAll(paths.Select(IsNew));
        frozen.Process.IsResumed();
        for (var time = 0; time < 10; time++) await Task.WhenAll(paths.Select(IsNew));
    }

    [Fact, Trait("Promise", "P2")]
    public async Task When_a_fenced_silo_comes_back_before_it_is_declared_dead_it_hears_what_it_missed_and_goes_on()
    {
        var frozen = _cluster.Silos[0];
        var (path, other) = (PathWith(frozen, 0), PathWith(frozen, 0, after: 1));
        await IsStored(path, "old");
        await IsStored(other, "kept");

        frozen.Process.IsPaused();
        _origin.Answers(path, 200, Fields, "new");
        var purging = IsPurged(path, _cluster.Edges[0]);
        await Wait.For(TimeSpan.FromSeconds(2.5));
        frozen.Process.IsResumed();

        Assert.True(await purging);
        await frozen.Process.Says("it has heard");
        await IsNew(path);
        await IsKept(other);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task While_a_silo_is_frozen_for_a_moment_a_purge_waits_for_it_or_is_refused()
    {
        var frozen = _cluster.Silos[0];
        var path = PathWith(frozen, 0);
        await IsStored(path, "old");

        frozen.Process.IsPaused();
        _origin.Answers(path, 200, ["Cache-Control: max-age=600"], "new");
        var purging = IsPurged(path, _cluster.Edges[0]);
        await Wait.For(TimeSpan.FromSeconds(1.5)); // not long enough to be declared dead, unless much else goes on here
        Assert.False(purging.IsCompleted); // a member has not heard of it, and could still answer from what it keeps
        frozen.Process.IsResumed();
        Assert.True(await purging);
        await IsNew(path);
    }

    /// <summary>A path for whose URI that silo comes at that rank.</summary>
    private string PathWith(SiloProcess silo, int rank, int after = 0) => Enumerable.Range(after * 1_000, 1_000).Select(static i => $"/{i}")
        .First(path => Grains.Placement.Rendezvous.Rank($"http://purged.example{path}", _cluster.Silos, static silo => silo.Name)[rank] == silo);

    // Often enough that it is popular, and copied.
    private async Task IsStored(string path, string content)
    {
        _origin.Answers(path, 200, Fields, content);
        foreach (var edge in Enumerable.Repeat(_cluster.Edges, 5).SelectMany(static edges => edges))
        {
            using var client = edge.Client();
            await client.Asks(path, Site).Gets(200, content);
        }
    }

    /// <returns>Whether it was acknowledged; then no edge has it any more.</returns>
    private async Task<bool> IsPurged(string path, EdgeProcess edge)
    {
        using var client = edge.Client();
        var got = await client.Sends("PURGE", path, [Site]).Gets();
        if (got.Status != 200)
        {
            got.HasStatus(503);
            Assert.NotNull(got.Field("Retry-After"));
            return false;
        }

        await IsNew(path);
        return true;
    }

    private async Task IsKept(string path)
    {
        var asked = _origin.Requests(path).Count;
        using var client = _cluster.Edges[1].Client();
        await client.Asks(path, Site).Gets(200, "kept");
        Assert.Equal(asked, _origin.Requests(path).Count);
    }

    private async Task IsNew(string path)
    {
        foreach (var edge in _cluster.Edges)
        {
            using var client = edge.Client();
            await client.Asks(path, Site).Gets(200, "new");
        }
    }
}
