using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>P6: silos come and go, and what is warm stays so: no silo asks the origin for anything again.</summary>
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
        await IsWarm();
        await _cluster.SendsAway(_cluster.Silos[0]);
        await IsStillWarm();
        await _cluster.Joins();
        await IsStillWarm();
        await _cluster.SendsAway(_cluster.Silos[0]);
        await IsStillWarm();
    }

    [Fact, Trait("Promise", "P6")]
    public async Task A_silo_that_dies_leaves_copies_of_what_is_popular()
    {
        await IsCopied();
        var lost = _cluster.Silos[1];
        await _cluster.Loses(lost);
        foreach (var silo in _cluster.Silos) await silo.HasSeenDie(lost);
        await IsStillWarm();
    }

    // Some are larger than what goes inside a message.
    private static string ContentOf(string path) => new(path[^1], path.EndsWith('7') ? 200_000 : 500);

    /// <summary>All is stored: asked for until it is a hit, since an edge that finds a silo too slow goes round it.</summary>
    private Task IsWarm() => ForAll(async (client, path) =>
    {
        var patience = Deadline.Over();
        while (!Outcome.Hit.IsSaidBy((await client.Asks(path).Gets(200, ContentOf(path))).CacheStatus))
            Assert.False(patience.IsCompleted, $"{path} is never a hit.");
    });

    /// <summary>Nothing is a miss.</summary>
    private Task IsStillWarm() => ForAll(async (client, path) =>
        Assert.DoesNotContain("uri-miss", (await client.Asks(path).Gets(200, ContentOf(path))).CacheStatus, StringComparison.Ordinal));

    /// <summary>The silo that ranks next has a copy of each. One that was not taken at once is offered again with later hits.</summary>
    private async Task IsCopied()
    {
        var taken = 0.0;
        await Deadline.Until(
            async () =>
            {
                await IsWarm();
                return (taken = await _cluster.Metric("granary_copies_taken_total")) >= Paths.Length;
            },
            () => $"{taken} copies of {Paths.Length} were taken.");
    }

    private async Task ForAll(Func<Client, string, Task> asks)
    {
        using var client = _cluster.Edges[0].Client();
        await Parallel.ForEachAsync(Paths, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (path, _) => await asks(client, path));
    }
}
