using System.Net;
using System.Net.Http.Json;
using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>P2 over processes: when a purge has been answered, no edge serves what was stored before, whichever silo keeps it, has a copy of it or is no more.</summary>
[Collection(Processes.Name), Trait("Promise", "P2")]
public sealed class PurgeScenarios : IAsyncLifetime
{
    private const string Site = "Host: site.example";

    private static readonly string[] Paths = [.. Enumerable.Range(0, 24).Select(static i => $"/news/{i}")];
    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;
    private volatile int _version = 1;

    public async Task InitializeAsync()
    {
        foreach (var path in Paths)
            _origin.Acts(path, side => side.Answers(200, ["Cache-Control: max-age=600", "Surrogate-Key: news", $"ETag: \"{_version}\""], ContentOf(path)));
        _cluster = await Language.Cluster.Starts(_origin, silos: 3, edges: 2);
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Every_scope_hard_and_soft_holds_at_every_edge_when_the_call_has_been_answered()
    {
        object[] orders =
        [
            new { urls = Paths.Select(UriOf) }, new { tag = "news" }, new { prefix = UriOf("/ne") }, new { host = "site.example" }, new { all = true },
            new { urls = Paths.Select(UriOf), soft = true }, new { tag = "news", soft = true }, new { prefix = UriOf("/news/"), soft = true }, new { host = "site.example", soft = true }, new { all = true, soft = true },
        ];
        Uri[] admins = [.. _cluster.Edges.Select(static edge => edge.Admin), .. _cluster.Silos.Select(static silo => silo.Health.Admin)];
        foreach (var (order, admin) in orders.Zip(Enumerable.Repeat(admins, orders.Length).SelectMany(static all => all)))
        {
            await IsWarm();
            _version++;
            await HasPurged(admin, order);
            await IsNew();
        }
    }

    [Fact]
    public async Task What_a_silo_has_a_copy_of_is_purged_with_it_and_does_not_come_back_when_the_owner_is_lost()
    {
        await IsCopied();
        _version++;
        await HasPurged(_cluster.Edges[0].Admin, new { tag = "news" });
        await _cluster.Loses(_cluster.Silos[0]);
        await IsNew();
    }

    [Fact]
    public async Task A_purge_just_after_a_silo_was_lost_holds_when_it_is_answered()
    {
        for (var i = 0; i < 3; i++) await IsWarm();
        await _cluster.Loses(_cluster.Silos[2]);
        _version++;
        await HasPurged(_cluster.Edges[1].Admin, new { all = true });
        await IsNew();
    }

    private string ContentOf(string path) => $"{path} version {_version}";

    private static string UriOf(string path) => $"http://site.example{path}";

    /// <summary>All is stored, and each edge has it from there.</summary>
    private Task IsWarm() => ForAll(async (client, path) =>
    {
        var patience = Deadline.Over();
        while (!Outcome.Hit.IsSaidBy((await client.Asks(path, Site).Gets(200, ContentOf(path))).CacheStatus))
            Assert.False(patience.IsCompleted, $"{path} is never a hit.");
    });

    private Task IsNew() => ForAll(async (client, path) => await client.Asks(path, Site).Gets(200, ContentOf(path)));

    // Refused is not answered: it may be sent again.
    private static Task HasPurged(Uri admin, object order) => Deadline.Until(
        async () =>
        {
            using var http = new HttpClient();
            using var answer = await http.PostAsJsonAsync(new Uri(admin, "/purge"), order).Within();
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, await answer.Content.ReadAsStringAsync());
            return answer.StatusCode == HttpStatusCode.OK;
        },
        () => $"{order} is never answered.");

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
        foreach (var edge in _cluster.Edges)
        {
            using var client = edge.Client();
            await Parallel.ForEachAsync(Paths, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (path, _) => await asks(client, path));
        }
    }
}
