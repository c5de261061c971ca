using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>P2 while a silo is frozen: a purge is acknowledged when that silo is no member any more, or it is refused. What was purged never comes back.</summary>
[Collection(Processes.Name)]
public sealed class FrozenPurgeScenarios : IAsyncLifetime
{
    private const string Site = "Host: purged.example";

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
        var purged = await Task.WhenAll(paths.Select((path, i) => IsPurged(path, _cluster.Edges[i % 2])));
        frozen.Process.IsResumed();
        for (var time = 0; time < 10; time++) await Task.WhenAll(paths.Zip(purged).Where(static one => one.Second).Select(one => IsNew(one.First)));

        if (purged.Contains(true)) Assert.Equal(1, await frozen.Process.Ends()); // it was declared dead, or nothing could be acknowledged
        await Task.WhenAll(paths.Zip(purged).Where(static one => one.Second).Select(one => IsNew(one.First)));
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
        var wasAcknowledged = purging.IsCompleted && await purging;
        frozen.Process.IsResumed();
        if (await purging) await IsNew(path);
        if (wasAcknowledged) Assert.Equal(1, await frozen.Process.Ends()); // a member had not heard of it: so it was one no more
    }

    /// <summary>A path for whose URI that silo comes at that rank.</summary>
    private string PathWith(SiloProcess silo, int rank) => Enumerable.Range(0, 1_000).Select(static i => $"/{i}")
        .First(path => Grains.Placement.Rendezvous.Rank($"http://purged.example{path}", _cluster.Silos, static silo => silo.Name)[rank] == silo);

    // Often enough that it is popular, and copied.
    private async Task IsStored(string path, string content)
    {
        _origin.Answers(path, 200, ["Cache-Control: max-age=600"], content);
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

    private async Task IsNew(string path)
    {
        foreach (var edge in _cluster.Edges)
        {
            using var client = edge.Client();
            await client.Asks(path, Site).Gets(200, "new");
        }
    }
}
