using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>P6: silos come and go, and what is warm stays so: the origin is asked for nothing twice.</summary>
[Collection(Processes.Name)]
public sealed class WarmScenarios : IAsyncLifetime
{
    private static readonly string[] Paths = [.. Enumerable.Range(0, 60).Select(static i => $"/{i}")];
    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync()
    {
        foreach (var path in Paths) _origin.Answers(path, 200, ["Cache-Control: max-age=600"], ContentOf(path));
        _cluster = await Language.Cluster.Starts(_origin, silos: 3, edges: 1);
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Promise", "P6")]
    public async Task Silos_that_leave_in_order_hand_over_and_one_that_joins_takes_its_share_over()
    {
        await AsksForAll();
        await _cluster.SendsAway(_cluster.Silos[0]);
        await AsksForAll();
        await _cluster.Joins();
        await AsksForAll();
        await _cluster.SendsAway(_cluster.Silos[0]);
        await AsksForAll();

        foreach (var path in Paths) _origin.WasAsked(path, 1);
    }

    [Fact, Trait("Promise", "P6")]
    public async Task A_silo_that_dies_leaves_copies_of_what_is_popular()
    {
        for (var i = 0; i < 4; i++) await AsksForAll();
        await Wait.For(TimeSpan.FromSeconds(2)); // copies are made beside all requests
        var lost = _cluster.Silos[1];
        await _cluster.Loses(lost);
        foreach (var silo in _cluster.Silos) await silo.HasSeenDie(lost);
        await AsksForAll();

        foreach (var path in Paths) _origin.WasAsked(path, 1);
    }

    // Some are larger than what goes inside a message.
    private static string ContentOf(string path) => new(path[^1], path.EndsWith('7') ? 200_000 : 500);

    private async Task AsksForAll()
    {
        using var client = _cluster.Edges[0].Client();
        await Parallel.ForEachAsync(Paths, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (path, _) => await client.Asks(path).Gets(200, ContentOf(path)));
    }
}
