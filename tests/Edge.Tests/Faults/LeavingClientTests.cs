using Granary.Grains.Store;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Faults;

/// <summary>Clients that leave: nothing of them stays, and nobody else notices.</summary>
public sealed class LeavingClientTests : IAsyncLifetime
{
    private const int Crowd = 200;

    private static readonly TimeSpan StalledReader = 30.Seconds();

    private readonly Origin _origin = Origin.Starts();
    private OneProcess _process = null!;
    private Client _client = null!;

    public async Task InitializeAsync()
    {
        _process = await OneProcess.Starts(_origin);
        _client = _process.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory, Trait("Fault", "48")]
    [InlineData("GET", "Cache-Control: max-age=60", false)]
    [InlineData("GET", "Cache-Control: max-age=60", true)]
    [InlineData("GET", "Cache-Control: no-store", false)]
    [InlineData("GET", "Cache-Control: no-store", true)]
    [InlineData("POST", "Cache-Control: no-store", false)]
    [InlineData("POST", "Cache-Control: no-store", true)]
    public async Task After_hundreds_of_aborts_everything_is_back_where_it_began(string method, string field, bool inContent)
    {
        var leave = new TaskCompletionSource();
        for (var i = 0; i < Crowd; i++)
            _origin.Acts($"/{i}", async side =>
            {
                if (inContent) await side.Sends($"HTTP/1.1 200 OK\r\n{field}\r\nContent-Length: 100000\r\n\r\n{new string('a', 50000)}");
                await leave.Task;
                if (inContent) await side.Sends(new string('b', 50000));
                else await side.Answers(200, [field], new string('c', 100000));
            });
        var clients = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => Begin(method, $"/{i}", inContent)));
        for (var i = 0; i < Crowd; i++)
        {
            await _origin.IsAsked($"/{i}");
            clients[i].Resets();
        }

        leave.SetResult();
        var stored = field.Contains("max-age", StringComparison.Ordinal);
        await _process.HasClients(0, Crowd);
        var fetches = _process.FetchesEnd(Enumerable.Range(0, Crowd).Select(i => $"http://a/{i}"));
        if (!stored)
        {
            await _process.Clock.PassesUntil(fetches, StalledReader); // windows that nobody reads
            _process.Clock.Passes(StalledReader);                     // what was small enough to come whole, and nobody came for
        }

        await fetches.Within();
        Assert.True(IsBack(Store.Statistics, stored), Store.Statistics.ToString());
        await _client.Asks("/other").Gets(404);
    }

    [Theory, InlineData("GET"), InlineData("POST"), Trait("Fault", "24"), Trait("Fault", "48")]
    public async Task A_client_that_leaves_during_its_upload_or_answer_costs_the_next_one_nothing(string method)
    {
        _origin.Acts("/item", side => side.Answers(200, ["Cache-Control: max-age=60"], new string('x', 100000)));
        for (var i = 0; i < 50; i++)
        {
            using var leaves = await RawClient.Connects(_process.Url);
            await leaves.Sends($"{method} /item HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
            leaves.Resets();
        }

        await _client.Asks("/item").Gets(200, new string('x', 100000));
        await _client.Sends("POST", "/item", [], "x").Gets(200, new string('x', 100000));
    }

    [Fact, Trait("Fault", "26")]
    public async Task When_a_collapsed_fetch_is_cut_a_new_one_is_not_its_prisoner()
    {
        var count = 0;
        var cut = new TaskCompletionSource();
        _origin.Acts("/item", async side =>
        {
            if (Interlocked.Increment(ref count) > 1)
            {
                await side.Answers(200, ["Cache-Control: max-age=60"], "whole");
                return;
            }

            await side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 10\r\n\r\nhalf");
            await cut.Task;
            side.Resets();
        });
        var all = Enumerable.Range(0, 20).Select(_ => _client.Asks("/item")).ToList();
        foreach (var one in all) _ = await one.Head;
        cut.SetResult();
        foreach (var one in all) await one.IsCut();
        await _client.Asks("/item").Gets(200, "whole", Outcome.Stored);
        _origin.WasAsked("/item", 2);
    }

    [Fact, Trait("Fault", "26")]
    public async Task When_a_collapsed_fetch_is_refused_all_get_the_error_and_the_next_is_a_new_attempt()
    {
        var closes = new TaskCompletionSource();
        _origin.Acts("/item", async side =>
        {
            await closes.Task;
            side.Closes();
        });
        var all = Enumerable.Range(0, 20).Select(_ => _client.Asks("/item")).ToList();
        await _origin.IsAsked("/item");
        closes.SetResult();
        foreach (var one in all) await one.Fails(502, "head", "connection_terminated");
        _origin.Answers("/item", 200, ["Cache-Control: max-age=60"], "well");
        await _client.Asks("/item").Gets(200, "well", Outcome.Stored);
    }

    [Fact, Trait("Fault", "7"), Trait("Fault", "46")]
    public async Task Clients_who_are_connected_and_say_nothing_do_not_hold_up_a_stop()
    {
        var process = await OneProcess.Starts(_origin);
        using var silent = await RawClient.Connects(process.Url);
        using var kept = await RawClient.Connects(process.Url);
        await kept.Sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await kept.ReadsResponse();
        await process.HasClients(2);
        await process.DisposeAsync();
        Assert.Equal("", await silent.ReadsToEnd());
        Assert.Equal("", await kept.ReadsToEnd());
    }

    private async Task<RawClient> Begin(string method, string path, bool inContent)
    {
        var client = await RawClient.Connects(_process.Url);
        await client.Sends($"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        if (inContent) await client.ReadsHead();
        return client;
    }

    private ResponseStore Store => _process.Services.GetRequiredService<ResponseStore>();

    // The fetch of a storable response goes on when its client leaves (P1); nothing else may stay.
    private static bool IsBack(StoreStatistics now, bool stored) => stored
        ? now is { Objects: Crowd, Contents: Crowd }
        : now is { Objects: 0, Contents: 0, ContentBytes: 0 };
}
