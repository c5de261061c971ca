using System.Globalization;
using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>Fault 19: one URL has nine tenths of all load. Edges hold it, and its owner has next to nothing to do for it.</summary>
[Collection(Cluster.Processes.Name)]
public sealed class HotKeyScenarios(Cluster.SharedCluster shared) : IAsyncLifetime
{
    private const int ReadersPerEdge = 4;

    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("GRANARY_SOAK") == "1";
    private static readonly (int Silos, int Edges, int Reads) Size = IsSoak ? (3, 4, 400_000) : (3, 2, 20_000);

    private Origin _origin = null!;
    private readonly History _history = new(200, TimeProvider.System);
    private readonly Tally _tally = new();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => (_cluster, _origin) = (await shared.Whole(Size.Silos, Size.Edges), shared.Origin);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task One_URL_with_most_of_the_load_is_answered_by_edges_and_asks_its_owner_less_than_fifty_times_a_second()
    {
        var site = Site.On(_origin, _history, "/hot", 200);
        await IsHeldByAll(site);
        var (read, held, began) = (_history.Reads, await Held(), TimeProvider.System.GetTimestamp());
        await Reads(site, Size.Reads, others: 0);
        var (reads, asked) = (_history.Reads - read, _history.Reads - read - (await Held() - held));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        await Reads(site, Size.Reads, others: 10);

        Report.Writes(string.Create(CultureInfo.InvariantCulture, $"""
            | one hot URL, {Size.Edges} edges | |
            | --- | ---: |
            | answered | {reads / seconds:F0}/s |
            | asked of its owner | {asked} in {seconds:F0} s |
            """));
        Assert.True(asked < Math.Max(50 * seconds, 50), $"{asked} of {reads} reads in {seconds} s asked the owner.");
        Assert.Empty(_tally.Errors);
        Assert.Empty(_tally.Torn);
        _origin.WasAsked(site.Resources[0].Path, 1);
    }

    /// <summary>An edge has just started: it may have no session yet when the URL gets hot.</summary>
    private async Task IsHeldByAll(Site site)
    {
        var before = await Task.WhenAll(_cluster.Edges.Select(HeldBy));
        await Deadline.Until(
            async () =>
            {
                await Reads(site, 50 * Size.Edges * ReadersPerEdge, others: 0);
                return (await Task.WhenAll(_cluster.Edges.Select(HeldBy))).Zip(before).All(static held => held.First > held.Second);
            },
            static () => "Not every edge holds the URL.");
    }

    private static Task<double> HeldBy(EdgeProcess edge) => edge.Health.Metric("granary_leases_answered_total");

    /// <summary>Requests that edges have answered from what they hold.</summary>
    private async Task<double> Held() => (await Task.WhenAll(_cluster.Edges.Select(HeldBy))).Sum();

    /// <param name="others">Of a hundred reads, how many are of other URLs.</param>
    private async Task Reads(Site site, int count, int others)
    {
        var places = new Places(_cluster);
        await Task.WhenAll(Enumerable.Range(0, Size.Edges * ReadersPerEdge).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            using var reader = new Reader(i % Size.Edges, places, _history, _tally);
            for (var read = i; read < count; read += Size.Edges * ReadersPerEdge)
                await reader.Reads(site.Resources[random.Next(100) < others ? random.Next(site.Resources.Length) : 0], "en");
            await reader.Ends();
        })));
    }
}
