using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Granary.Language;

namespace Granary.Edge.Tests.Dashboard;

public sealed class StatusTests : IAsyncLifetime, IDisposable
{
    private readonly Origin _origin = Origin.Starts();
    private readonly HttpClient _admin = new();
    private OneProcess _process = null!;

    public async Task InitializeAsync() => _process = await OneProcess.Starts(_origin);

    [Fact]
    public async Task The_status_tells_what_this_edge_did_of_late_and_how_it_and_its_silo_are()
    {
        _origin.Answers("/page?q=1", 200, ["Cache-Control: max-age=60"], "hello");
        _origin.Answers("/not", 200, ["Cache-Control: no-store"], "one");
        using var client = _process.Client();
        await Status();                                                                          // somebody looks
        await client.Asks("/page?q=1").Gets(200, "hello", Outcome.Stored);
        for (var i = 0; i < 3; i++) await client.Asks("/page?q=1").Gets(200, "hello", Outcome.Hit);
        await client.Asks("/not").Gets(200, "one");
        using var purge = new StringContent($"{{\"url\":\"{new Uri(_process.Url, "/page?q=1")}\"}}", Encoding.UTF8, "application/json");
        (await _admin.PostAsync(new Uri(_process.Admin, "/purge"), purge).Within()).Dispose();

        _process.Clock.Passes(2.Seconds()); // however many look, silos are asked once a second
        var status = await Status();

        Assert.True(status.GetProperty("process").GetProperty("ready").GetBoolean());
        Assert.Equal("edge and silo", status.GetProperty("process").GetProperty("role").GetString());
        var recent = status.GetProperty("recent");
        Assert.Equal(5, recent.GetProperty("requests").GetInt64());
        Assert.Equal(0.6, recent.GetProperty("hitRatio").GetDouble(), 3);
        Assert.Equal(4 * 5 + 3, recent.GetProperty("content").GetInt64());
        var hits = Assert.Single(recent.GetProperty("outcomes").EnumerateArray(), static one => one.GetProperty("outcome").GetString() == "hit");
        Assert.Equal(3, hits.GetProperty("requests").GetInt64());
        Assert.True(hits.GetProperty("latency").GetProperty("p50").GetDouble() > 0);
        var hottest = status.GetProperty("hottest").EnumerateArray().First();
        Assert.Equal(new Uri(_process.Url, "/page?q=1").ToString(), hottest.GetProperty("url").GetString());
        Assert.Equal(4, hottest.GetProperty("requests").GetDouble());
        var silo = Assert.Single(status.GetProperty("silos").EnumerateArray());
        Assert.Equal("active", silo.GetProperty("state").GetString());
        Assert.Equal(1, silo.GetProperty("share").GetDouble());
        Assert.True(silo.GetProperty("memory").GetInt64() <= silo.GetProperty("memoryLimit").GetInt64());
        Assert.Equal(_origin.Url.TrimEnd('/'), Assert.Single(status.GetProperty("origins").EnumerateArray()).GetProperty("address").GetString());
        var purged = Assert.Single(status.GetProperty("purges").EnumerateArray());
        Assert.Contains("granary_purge_duration_seconds_count", await _admin.GetStringAsync(new Uri(_process.Admin, "/metrics")).Within(), StringComparison.Ordinal);
        Assert.Equal(("url", true, 1), (purged.GetProperty("kind").GetString(), purged.GetProperty("done").GetBoolean(), purged.GetProperty("purged").GetInt32()));
    }

    [Fact]
    public async Task What_was_counted_more_than_a_minute_ago_is_not_recent()
    {
        _origin.Answers("/page", 200, ["Cache-Control: max-age=600"], "hello");
        using var client = _process.Client();
        await client.Asks("/page").Gets(200, "hello", Outcome.Stored);
        for (var tick = 0; tick < 11; tick++) _process.Clock.Passes(6.Seconds());
        await client.Asks("/page").Gets(200, "hello", Outcome.Hit);

        var status = await Status();

        Assert.Equal(1, status.GetProperty("recent").GetProperty("requests").GetInt64());
        Assert.Equal(2, status.GetProperty("sinceStart").GetProperty("requests").GetInt64());
        Assert.InRange(status.GetProperty("seconds").GetDouble(), 54, 66);
        Assert.Equal(11, status.GetProperty("series").GetArrayLength());
        Assert.Equal(1, status.GetProperty("series")[0].GetProperty("others").GetInt64());
    }

    [Fact]
    public async Task Durations_are_measured_by_outcome_on_the_metrics_page()
    {
        _origin.Answers("/timed", 200, ["Cache-Control: max-age=60"], "hello");
        using var client = _process.Client();
        await client.Asks("/timed").Gets(200, "hello", Outcome.Stored);
        await client.Asks("/timed").Gets(200, "hello", Outcome.Hit);

        var text = await _admin.GetStringAsync(new Uri(_process.Admin, "/metrics")).Within();

        Assert.Matches("http_server_request_duration_seconds_count\\{[^}]*cache=\"uri-miss\"[^}]*\\} 1", text);
        Assert.Matches("http_server_request_duration_seconds_bucket\\{[^}]*cache=\"hit\"[^}]*le=\"0.00025\"\\}", text);
        Assert.Matches("granary_requests_total\\{[^}]*cache=\"hit\",collapsed=\"false\"[^}]*\\} 1", text);
        Assert.Matches("granary_responses_content_bytes_total\\{[^}]*cache=\"hit\"[^}]*\\} 5", text);
    }

    public void Dispose() => _admin.Dispose();

    public async Task DisposeAsync()
    {
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
    }

    private Task<JsonElement> Status() => _admin.GetFromJsonAsync<JsonElement>(new Uri(_process.Admin, "/status")).Within();
}
