using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Granary.Language;

namespace Granary.Edge.Tests.Admin;

public sealed class PrefetchTests : IAsyncLifetime
{
    private const string Fresh = "Cache-Control: max-age=60";

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

    [Fact]
    public async Task What_was_prefetched_is_a_hit_and_each_URL_has_an_outcome()
    {
        var large = new string('x', 300_000);
        _origin.Answers("/small", 200, [Fresh], "small");
        _origin.Answers("/large?a=1", 200, [Fresh], large);
        _origin.Answers("/not", 200, ["Cache-Control: no-store"], "not");
        _origin.Answers("/away", 404, ["Cache-Control: no-store"], "away");
        var answer = await Prefetches(new { urls = new[] { UrlOf("/small"), UrlOf("/large?a=1"), UrlOf("/not"), UrlOf("/away"), UrlOf("/small") } });
        Assert.Equal(2, answer.GetProperty("stored").GetInt32());
        Assert.Equal(2, answer.GetProperty("notStorable").GetInt32());
        Assert.Equal(0, answer.GetProperty("failed").GetInt32());
        var results = answer.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(["stored", "stored", "not-storable", "not-storable"], results.Select(static one => one.GetProperty("outcome").GetString()));
        Assert.Equal("forbidden-by-no-store", results[2].GetProperty("reason").GetString());
        Assert.Equal(404, results[3].GetProperty("status").GetInt32());
        await _client.Asks("/small").Gets(200, "small", Outcome.Hit);
        await _client.Asks("/large?a=1").Gets(200, large, Outcome.Hit);
        _origin.WasAsked("/small", 1);
        _origin.WasAsked("/large?a=1", 1);
        Assert.Equal("hit", (await Prefetches(new { url = UrlOf("/small") })).GetProperty("results")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_thousand_URLs_go_to_the_origin_a_few_at_a_time()
    {
        var (now, most) = (0, 0);
        for (var i = 0; i < 200; i++)
            _origin.Acts($"/{i}", async side =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                await Task.Yield();
                Interlocked.Decrement(ref now);
                await side.Answers(200, [Fresh], "one");
            });
        var answer = await Prefetches(new { urls = Enumerable.Range(0, 200).Select(i => UrlOf($"/{i}")).ToArray() });
        Assert.Equal(200, answer.GetProperty("stored").GetInt32());
        Assert.InRange(most, 1, 16);
    }

    [Fact]
    public async Task What_the_origin_does_not_answer_whole_has_failed()
    {
        _origin.Acts("/cut", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1000000\r\n\r\nbeginning");
            side.Closes();
        });
        var one = (await Prefetches(new { url = UrlOf("/cut") })).GetProperty("results")[0];
        Assert.Equal("failed", one.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("{}", "one key")]
    [InlineData("{\"url\": \"http://a/\", \"urls\": []}", "one key")]
    [InlineData("{\"tag\": \"a\"}", "neither url nor urls")]
    [InlineData("{\"url\": [\"http://a/\"]}", "string")]
    [InlineData("{\"urls\": \"http://a/\"}", "list")]
    [InlineData("{\"urls\": []}", "1 to 1000")]
    [InlineData("{\"urls\": [\"http://a/\", \"/b\"]}", "Value 2")]
    [InlineData("{\"url\": \"http://a/#b\"}", "Value 1")]
    public async Task What_is_not_understood_is_refused_with_what_to_write_instead(string call, string says)
    {
        using var answer = await Posts(call);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_a_thousand_are_refused()
    {
        using var answer = await Posts(JsonSerializer.Serialize(new { urls = Enumerable.Range(0, 1001).Select(i => UrlOf($"/{i}")) }));
        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact, Trait("Promise", "P8")]
    public async Task A_forward_proxy_prefetches_from_nowhere_that_clients_may_not_reach()
    {
        await using var forward = await OneProcess.Starts(null, ["--Granary:Access:AllowDestinations=192.0.2.0/24"]);
        _origin.Answers("/inner", 200, [Fresh], "inner");
        using var admin = new HttpClient();
        using var answer = await admin.PostAsJsonAsync(new Uri(forward.Admin, "/prefetch"), new { url = _origin.Url + "/inner" }).Within();
        var one = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results")[0];
        Assert.Equal("failed", one.GetProperty("outcome").GetString());
        Assert.Equal(403, one.GetProperty("status").GetInt32());
        _origin.WasAsked("/inner", 0);
    }

    private string UrlOf(string path) => new Uri(_process.Url, path).AbsoluteUri;

    private async Task<JsonElement> Prefetches(object call)
    {
        using var answer = await Posts(JsonSerializer.Serialize(call));
        Assert.Equal(200, (int)answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> Posts(string call)
    {
        using var admin = new HttpClient();
        return await admin.PostAsync(new Uri(_process.Admin, "/prefetch"), new StringContent(call, Encoding.UTF8, "application/json")).Within();
    }
}
