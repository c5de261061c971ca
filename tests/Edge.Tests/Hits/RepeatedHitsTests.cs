using Granary.Edge.Delivery.Hits;
using Granary.Edge.Tests.Routing;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Hits;

/// <summary>A request that came before byte for byte gets the answer that reading it would have given, and only such a request does.</summary>
public sealed class RepeatedHitsTests(HitPathTests.World world) : IClassFixture<HitPathTests.World>
{
    private static readonly string[] Fresh = ["Cache-Control: max-age=60", "Content-Type: text/plain", "ETag: \"v1\""];

    private Uri Url => world.Granary.Url;

    private long Taken => world.Granary.Services.GetRequiredService<RepeatedHits>().Taken;

    private static string Path([System.Runtime.CompilerServices.CallerMemberName] string test = "") => $"/{test}";

    private string Get(string path, string more = "") => $"GET {path} HTTP/1.1\r\nHost: {Url.Authority}\r\n{more}\r\n";

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(300_000)]
    [InlineData(1 << 20)]
    [InlineData(3 << 20)]
    public async Task It_gets_the_same_head_and_content(int length)
    {
        var content = new string('c', length);
        using var client = await Heated(Path() + length, content, "Cache-Control: public", "X-Two: a", "X-Two: b", "Set-Cookie: a=b; Path=/", "Cache-Status: nearer; hit", "Age: 7", "X-Empty:");
        await client.Sends(Get(Path() + length, "X-Other: 1\r\n"));
        var read = await client.ReadsResponse();
        var before = Taken;
        await client.Sends(Get(Path() + length));
        var repeated = await client.ReadsResponse();
        Assert.Equal(length > 1 << 20 ? before : before + 1, Taken);
        Assert.Equal(Lines(read.Head), Lines(repeated.Head));
        Assert.Equal(read.Content, repeated.Content);
        Assert.Contains("; hit; ttl=", repeated.Head, StringComparison.Ordinal);
    }

    [Fact, Trait("Spec", "RFC 9110 §15.4.5"), Trait("Kind", "required")]
    public async Task A_condition_is_answered_alike_and_without_content()
    {
        using var client = await Heated(Path(), "one");
        const string Condition = "If-None-Match: \"v1\"\r\n";
        await client.Sends(Get(Path(), Condition));
        var read = await client.ReadsHead();
        for (var i = 0; i < 3; i++)
        {
            await client.Sends(Get(Path(), Condition));
            await client.ReadsHead();
        }

        var before = Taken;
        await client.Sends(Get(Path(), Condition) + Get(Path()));
        Assert.Equal(Lines(read), Lines(await client.ReadsHead()));
        Assert.StartsWith("HTTP/1.1 304", read, StringComparison.Ordinal);
        Assert.Equal("one", (await client.ReadsResponse()).Content);
        Assert.Equal(before + 2, Taken);
    }

    [Fact, Trait("Spec", "RFC 9112 §9.3.2"), Trait("Kind", "required")]
    public async Task Pipelined_requests_are_answered_in_their_turn()
    {
        using var client = await Heated(Path(), "one");
        world.Origin.Answers(Path() + "/2", 200, ["Cache-Control: no-store"], "two");
        var before = Taken;
        await client.Sends(Get(Path()) + Get(Path() + "/2") + Get(Path()) + Get(Path()) + Get(Path() + "/2") + Get(Path()));
        foreach (var content in (string[])["one", "two", "one", "one", "two", "one"]) Assert.Equal(content, (await client.ReadsResponse()).Content);
        Assert.Equal(before + 4, Taken);
    }

    [Fact]
    public async Task A_head_that_comes_in_pieces_is_read()
    {
        using var client = await Heated(Path(), "one");
        var before = Taken;
        for (var cut = 1; cut < Get(Path()).Length; cut += 7)
        {
            await client.Sends(Get(Path())[..cut]);
            await world.Client.Asks(Path(), "X: 1").Gets(200, "one"); // the first piece has been seen by now, or comes with the rest
            await client.Sends(Get(Path())[cut..]);
            var (head, content) = await client.ReadsResponse();
            Assert.True(content == "one", head);
        }

        await client.Sends(Get(Path()));
        Assert.Equal("one", (await client.ReadsResponse()).Content);
        Assert.True(Taken > before);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n", "xxxxx")]
    [InlineData("Transfer-Encoding: chunked\r\n", "0\r\n\r\n")]
    [InlineData("Connection: close\r\n", "")]
    [InlineData("Connection: keep-alive\r\n", "")]
    [InlineData("Range: bytes=0-0\r\n", "")]
    [InlineData("Authorization: Basic eDp5\r\n", "")]
    [InlineData("Cache-Control: max-age=10\r\n", "")]
    public async Task What_is_more_than_a_plain_request_is_read_each_time(string fields, string content)
    {
        using var heated = await Heated(Path() + fields.Length, "one");
        var before = Taken;
        for (var i = 0; i < 5; i++)
        {
            using var client = await RawClient.Connects(Url);
            await client.Sends(Get(Path() + fields.Length, fields) + content);
            Assert.StartsWith("HTTP/1.1 20", await client.ReadsHead(), StringComparison.Ordinal);
        }

        Assert.Equal(before, Taken);
    }

    [Fact, Trait("Spec", "RFC 9112 §9.3"), Trait("Kind", "required")]
    public async Task An_HTTP_1_0_request_is_read_each_time()
    {
        using var heated = await Heated(Path(), "one");
        var before = Taken;
        for (var i = 0; i < 5; i++)
        {
            using var client = await RawClient.Connects(Url);
            await client.Sends(Get(Path()).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal));
            Assert.EndsWith("one", await client.ReadsToEnd(), StringComparison.Ordinal);
        }

        Assert.Equal(before, Taken);
    }

    [Fact]
    public async Task It_is_known_on_every_connection_and_read_by_each_at_first_and_every_ten_seconds()
    {
        using var one = await Heated(Path(), "one");
        using var other = await RawClient.Connects(Url);
        await Repeats(other, read: 1, repeated: 2);
        world.Granary.Clock.Passes(TimeSpan.FromSeconds(9.9));
        await Repeats(other, read: 0, repeated: 1);
        world.Granary.Clock.Passes(TimeSpan.FromSeconds(0.1));
        await Repeats(other, read: 1, repeated: 1);
        await Repeats(one, read: 1, repeated: 1);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task After_a_purge_it_is_read()
    {
        using var client = await Heated(Path(), "one");
        world.Origin.Answers(Path(), 200, Fresh, "two");
        await world.Client.Sends("PURGE", Path(), []).Gets(200);
        await client.Sends(Get(Path()));
        Assert.Equal("two", (await client.ReadsResponse()).Content);
    }

    [Fact, Trait("Promise", "P4")]
    public async Task A_client_that_takes_little_gets_all_its_answers_whole()
    {
        var content = string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"{i} "));
        using var heated = await Heated(Path(), content);
        using var slow = await RawClient.Connects(Url, receives: 16_384);
        for (var i = 0; i < 20; i++) await slow.Sends(Get(Path()));
        await world.Client.Sends("PURGE", Path(), []).Gets(200);
        world.Origin.Answers(Path(), 200, Fresh, content);
        for (var i = 0; i < 20; i++) Assert.Equal(content, (await slow.ReadsResponse()).Content);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_reset_once_it_has_been_idle_for_too_long()
    {
        await using var origin = Origin.Starts();
        await using var granary = await OneProcess.Starts(origin, ["--Granary:Client:IdleTimeout", "1s"]); // the server's own clock counts it
        origin.Answers("/a", 200, Fresh, new string('x', 1 << 20));
        var get = $"GET /a HTTP/1.1\r\nHost: {granary.Url.Authority}\r\n\r\n";
        using var heated = await RawClient.Connects(granary.Url);
        for (var i = 0; i < 4; i++)
        {
            await heated.Sends(get);
            await heated.ReadsResponse();
        }

        using var idle = await RawClient.Connects(granary.Url, receives: 16_384);
        var before = granary.Services.GetRequiredService<RepeatedHits>().Taken;
        await idle.Sends(string.Concat(Enumerable.Repeat(get, 30)));
        await granary.HasClients(0, soFar: 2); // the other one is idle as well
        Assert.True(granary.Services.GetRequiredService<RepeatedHits>().Taken > before);
        Assert.True((await idle.ReadsToEnd()).Length < 30 << 20);
    }

    [Fact]
    public async Task It_is_counted_and_measured_as_others_are()
    {
        await using var origin = Origin.Starts();
        await using var granary = await OneProcess.Starts(origin);
        origin.Answers("/a", 200, Fresh, "one");
        using var client = await RawClient.Connects(granary.Url);
        for (var i = 0; i < 8; i++)
        {
            await client.Sends($"GET /a HTTP/1.1\r\nHost: {granary.Url.Authority}\r\n\r\n");
            await client.ReadsResponse();
        }

        Assert.InRange(granary.Services.GetRequiredService<RepeatedHits>().Taken, 3, 7);
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(granary.Admin, "/metrics"));
        Assert.Matches("granary_requests_total\\{[^}]*cache=\"hit\",collapsed=\"false\"[^}]*\\} 7", text);
        var durations = text.Split('\n').Where(static line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal) && line.Contains("cache=\"hit\"", StringComparison.Ordinal)).ToArray();
        Assert.EndsWith(" 7", Assert.Single(durations).TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_trusted_proxies_tell_who_asks_all_requests_are_read()
    {
        await using var origin = Origin.Starts();
        await using var granary = await OneProcess.Starts(origin, ["--Granary:Access:TrustedProxies:0", "127.0.0.1/32"]);
        await IsNeverRepeated(origin, granary);
    }

    [Fact]
    public async Task Where_each_request_is_logged_all_are_read()
    {
        var folder = Directory.CreateTempSubdirectory();
        await using (var origin = Origin.Starts())
        await using (var granary = await OneProcess.Starts(origin, ["--Granary:AccessLog:Path", System.IO.Path.Combine(folder.FullName, "access.log")]))
            await IsNeverRepeated(origin, granary);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Changed_routes_hold_for_what_came_before()
    {
        await using var origin = Origin.Starts();
        await using var another = Origin.Starts();
        origin.Answers("/a", 200, Fresh, "one");
        another.Answers("/a", 200, Fresh, "two");
        string Json(string route) => $$"""{ "ReverseProxy": { "Routes": { {{route}} "r": { "ClusterId": "c", "Match": { "Path": "{**all}" } } }, "Clusters": { {{RoutedProcess.Cluster("c", origin)}}, {{RoutedProcess.Cluster("d", another)}} } } }""";
        await using var granary = await RoutedProcess.StartsWith(Json(""));
        var repeated = granary.Process.Services.GetRequiredService<RepeatedHits>();
        using var client = await RawClient.Connects(granary.Process.Url);
        var get = $"GET /a HTTP/1.1\r\nHost: {granary.Process.Url.Authority}\r\n\r\n";
        for (var i = 0; i < 6; i++)
        {
            await client.Sends(get);
            Assert.Equal("one", (await client.ReadsResponse()).Content);
        }

        Assert.True(repeated.Taken > 0);
        var before = repeated.Taken;
        granary.BecomesAll(Json(""" "s": { "ClusterId": "d", "Order": -1, "Match": { "Path": "/a" } }, """));
        await client.Sends(get);
        await client.ReadsResponse();
        Assert.Equal(before, repeated.Taken);
    }

    private static async Task IsNeverRepeated(Origin origin, OneProcess granary)
    {
        origin.Answers("/a", 200, Fresh, "one");
        using var client = await RawClient.Connects(granary.Url);
        for (var i = 0; i < 6; i++)
        {
            await client.Sends($"GET /a HTTP/1.1\r\nHost: {granary.Url.Authority}\r\n\r\n");
            Assert.Equal("one", (await client.ReadsResponse()).Content);
        }

        Assert.True(granary.Services.GetRequiredService<HitPath>().Taken > 0);
        Assert.Equal(0, granary.Services.GetRequiredService<RepeatedHits>().Taken);
    }

    private async Task Repeats(RawClient client, int read, int repeated, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        var before = Taken;
        for (var i = 0; i < read + repeated; i++)
        {
            await client.Sends(Get(Path(test)));
            Assert.Equal("one", (await client.ReadsResponse()).Content);
        }

        Assert.Equal(before + repeated, Taken);
    }

    /// <summary>A connection on which it came so often that it is known.</summary>
    private async Task<RawClient> Heated(string path, string content, params string[] more)
    {
        world.Origin.Answers(path, 200, [.. Fresh, .. more], content);
        var client = await RawClient.Connects(Url);
        for (var i = 0; i < 4; i++)
        {
            await client.Sends(Get(path));
            Assert.Equal(content, (await client.ReadsResponse()).Content);
        }

        return client;
    }

    private static string[] Lines(string head) => [.. head.Split("\r\n").Select(static line => line.StartsWith("Date: ", StringComparison.Ordinal) ? "Date: now" : line).Order(StringComparer.Ordinal)];
}
