using System.Text.Json;
using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>
/// How long it takes until a purge is answered, which is until it holds: idle, under load, by tags of few and of many members, with an edge stopped, with a silo stopped. <c>.ci/purge-latency</c>
/// measures at full size; here it shows that all of them are answered.
/// </summary>
[Collection(Cluster.Processes.Name)]
public sealed class PurgeLatencyScenarios : IAsyncLifetime
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("GRANARY_SOAK") == "1";
    private static readonly (int Silos, int Edges, int Urls, int Tags, int Members, int Freezes) Size = IsSoak ? (3, 4, 1_000, 200, 100_000, 3) : (2, 2, 40, 20, 1_000, 1);

    private readonly Origin _origin = Origin.Starts(remembers: false);
    private readonly List<string> _table = ["| purges | count | p50 ms | p99 ms | worst ms |", "| --- | ---: | ---: | ---: | ---: |"];
    private readonly History _history = new(200, TimeProvider.System);
    private readonly Tally _tally = new();
    private Language.Cluster _cluster = null!;
    private Places _places = null!;
    private Site _site = null!;
    private int _next;

    public async Task InitializeAsync()
    {
        _cluster = await Language.Cluster.Starts(_origin, Size.Silos, Size.Edges, siloSwitches: ["--memory", "512MiB"]);
        _places = new Places(_cluster);
        _site = Site.On(_origin, _history, "/hot", 200);
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Purges_are_answered_idle_under_load_by_tags_of_any_size_and_while_a_member_is_stopped()
    {
        await Reads(5, new CancellationToken(canceled: true)); // warm, and held by edges
        await Compares();
        await Measures("idle, by URL", Size.Urls, Url);
        await Measures("idle, by tag", Size.Tags, Tag);
        await Members();
        using (var load = new CancellationTokenSource())
        {
            var reading = Reads(1, load.Token);
            await Measures("under load, by URL", Size.Urls, Url);
            await Measures("under load, by tag", Size.Tags, Tag);
            await Freezes("an edge", static cluster => cluster.Edges[^1].Process, static () => Task.CompletedTask);
            if (IsSoak) await Freezes("a silo", static cluster => cluster.Silos[^1].Process, Settles);
            await load.CancelAsync();
            await reading;
        }

        Report.Writes(string.Join('\n', _table));
        Assert.Empty(_history.Stale);
        Assert.Empty(_tally.Torn);
    }

    // What one answer of an admin port takes, on a machine on which other things may go on.
    private async Task Compares()
    {
        var latencies = new Latencies();
        for (var i = 0; i < Size.Urls; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await _cluster.Edges[0].Health.Readiness();
            latencies.Add(TimeProvider.System.GetElapsedTime(began));
        }

        _table.Add($"| for comparison, /health/ready | {latencies.Cells} |");
    }

    private async Task Members()
    {
        await Fill.Stores(_origin, _cluster, "few", 10);
        await Fill.Stores(_origin, _cluster, "many", Size.Members);
        await Measures("idle, by a tag of 10 members", 50, static _ => """{"tag": "few"}""");
        await Measures($"idle, by a tag of {Size.Members} members", 50, static _ => """{"tag": "many"}""");
    }

    private async Task Freezes(string who, Func<Language.Cluster, RealProcess> process, Func<Task> settles)
    {
        var all = new Latencies();
        for (var time = 0; time < Size.Freezes; time++)
        {
            var frozen = process(_cluster);
            frozen.IsPaused();
            for (var purge = 0; purge < 5; purge++) await Purges(all, 0, Url);
            frozen.IsResumed();
            await settles();
        }

        _table.Add($"| under load, {who} stopped, by URL | {all.Cells} |");
    }

    // It is back and goes on, or was declared dead: another follows, so that the next time is as the first.
    private async Task Settles()
    {
        var gone = _cluster.Silos[^1];
        await _cluster.Loses(gone);
        await _cluster.Joins(gone.Name);
    }

    private async Task Measures(string what, int count, Func<int, string> order)
    {
        var latencies = new Latencies();
        for (var i = 0; i < count; i++) await Purges(latencies, i % (_cluster.Edges.Count - 1), order);
        _table.Add($"| {what} | {latencies.Cells} |");
        Report.Writes(string.Join('\n', _table));
    }

    /// <summary>One purge of something that has just been read at all edges that are there.</summary>
    private async Task Purges(Latencies latencies, int edge, Func<int, string> order)
    {
        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal(200, await _cluster.Edges[edge].Health.Purges(order(_next++ % _site.Resources.Length)));
        latencies.Add(TimeProvider.System.GetElapsedTime(began));
    }

    private string Url(int i) => JsonSerializer.Serialize(new { url = _site.Resources[i].Url });

    private string Tag(int i) => JsonSerializer.Serialize(new { tag = _site.Resources[i].Tag });

    // All that is hot, at all edges, so many rounds and then until it is over.
    private async Task Reads(int rounds, CancellationToken isOver) => await Task.WhenAll(Enumerable.Range(0, Size.Edges * 2).Select(i => Task.Run(async () =>
    {
        using var reader = new Reader(i % Size.Edges, _places, _history, _tally);
        for (var round = 0; round < rounds || !isOver.IsCancellationRequested; round++)
            foreach (var resource in _site.Resources) await reader.Reads(resource, "en");
        await reader.Ends();
    })));
}
