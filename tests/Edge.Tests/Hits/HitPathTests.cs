using System.Net;
using Granary.Edge.Delivery.Hits;
using Granary.Edge.Tests.Routing;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Hits;

/// <summary>A hit that is answered the short way is the one that the whole way would have given, and nothing goes the short way that may not.</summary>
public sealed class HitPathTests(HitPathTests.World world) : IClassFixture<HitPathTests.World>
{
    private static readonly string[] Fresh = ["Cache-Control: max-age=60", "Content-Type: text/plain", "ETag: \"v1\""];

    private Origin Origin => world.Origin;

    private Client Client => world.Client;

    private static string Path([System.Runtime.CompilerServices.CallerMemberName] string test = "") => $"/{test}";

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_short_way_gives_the_same_head_and_content(string version)
    {
        var path = Path() + version;
        string[] fields =
        [
            "Cache-Control: max-age=60, public", "Content-Type: text/plain; charset=utf-8", "ETag: W/\"v1\"", "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT", "X-Two: a", "X-Two: b", "Set-Cookie: a=b; Path=/",
            "Set-Cookie: c=d", "Content-Language: de", "Cache-Status: nearer; hit; ttl=9", "Age: 7", "X-Empty:", "Link: </a>; rel=preload", "Via: 1.1 inner", "Content-Location: /elsewhere",
        ];
        Origin.Answers(path, 200, fields, "content");
        using var client = world.Granary.Client(Version.Parse(version));
        await client.Asks(path).Gets(200, "content", Outcome.Stored);
        var whole = await client.Asks(path, "If-None-Match: \"another\"").Gets(200, "content", Outcome.Hit);
        await client.Asks(path).Gets(200, "content", Outcome.Hit);
        var taken = world.Path.Taken;
        var brief = await client.Asks(path).Gets(200, "content", Outcome.Hit);
        Assert.Equal(taken + 1, world.Path.Taken);
        Assert.Equal(whole.Head, brief.Head);
    }

    [Fact, Trait("Spec", "RFC 9111 §5.1"), Trait("Kind", "required")]
    public async Task Age_and_ttl_go_on_and_what_is_stale_goes_the_whole_way()
    {
        await Heats(Path(), Fresh, "one");
        world.Granary.Clock.Passes(TimeSpan.FromSeconds(20));
        (await Short(Path(), "one")).Has("Age: 20").Has("Cache-Status: granary; hit; ttl=40");
        world.Granary.Clock.Passes(TimeSpan.FromSeconds(39.5));
        (await Short(Path(), "one")).Has("Age: 59").Has("Cache-Status: granary; hit; ttl=0");
        Origin.Answers(Path(), 200, Fresh, "two");
        world.Granary.Clock.Passes(TimeSpan.FromSeconds(1));
        await Whole(Path(), "two", Outcome.Stale);
        await Whole(Path(), "two", Outcome.Hit);
        await Short(Path(), "two");
    }

    [Fact, Trait("Promise", "P2")]
    public async Task After_a_purge_it_goes_the_whole_way()
    {
        await Heats(Path(), [.. Fresh, "Surrogate-Key: one two"], "one");
        Origin.Answers(Path(), 200, [.. Fresh, "Surrogate-Key: one two"], "two");
        using var admin = new Client(path => new Uri(world.Granary.Admin, path));
        await admin.Sends("POST", "/purge", ["Content-Type: application/json"], """{"tag":"two"}""").Gets(200);
        await Whole(Path(), "two", Outcome.UriMiss);
        await Client.Asks(Path()).Gets(200, "two", Outcome.Hit);
        await Short(Path(), "two");
        Origin.Answers(Path(), 200, Fresh, "three");
        await Client.Sends("PURGE", Path(), []).Gets(200);
        await Whole(Path(), "three", Outcome.UriMiss);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
    public async Task A_head_that_was_freshened_is_the_one_that_is_sent()
    {
        await Heats(Path(), [.. Fresh, "X-State: old"], "one");
        Origin.Answers(Path(), 304, ["Cache-Control: max-age=60", "ETag: \"v1\"", "X-State: new"]);
        (await Client.Asks(Path(), "Cache-Control: no-cache").Gets(200, "one")).Has("X-State: new");
        (await Client.Asks(Path()).Gets(200, "one", Outcome.Hit)).Has("X-State: new");
        (await Short(Path(), "one")).Has("X-State: new");
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required"), Trait("Promise", "P5")]
    public async Task Each_gets_the_variant_that_is_his()
    {
        Origin.Acts(Path(), static side => side.Answers(200, ["Cache-Control: max-age=60", "Vary: X-Who"], $"for {side.Request.Fields.First("X-Who") ?? "nobody"}"));
        for (var round = 0; round < 4; round++)
        {
            foreach (var who in (string[])["a", "b", "B", "a, b"]) await Client.Asks(Path(), $"X-Who: {who}").Gets(200, $"for {who}");
            await Client.Asks(Path()).Gets(200, "for nobody");
        }

        await Client.Asks(Path(), "X-Who: a").Gets(200, "for a");
        await Short(Path(), "for a", "X-Who: a");
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public async Task What_varies_by_a_field_that_this_proxy_writes_never_goes_the_short_way()
    {
        await Heats(Path(), [.. Fresh, "Vary: X-Forwarded-For"], "one");
        await Whole(Path(), "one", Outcome.Hit);
    }

    [Theory]
    [InlineData("Range: bytes=0-1", 206)]
    [InlineData("If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT", 304)]
    [InlineData("If-Match: \"v2\"", 200)]
    [InlineData("Cache-Control: no-cache", 200)]
    [InlineData("Cache-Control: only-if-cached, max-age=0", 504)]
    [InlineData("Pragma: no-cache", 200)]
    [InlineData("Authorization: Basic eDp5", 200)]
    [InlineData("Via: 1.1 granary", 508)]
    [InlineData("CDN-Loop: granary", 508)]
    [InlineData("X-HTTP-Method-Override: DELETE", 200)]
    [InlineData("Connection: X-Who", 200)]
    [InlineData("Expect: 100-continue", 200)]
    public async Task What_decides_about_the_answer_sends_it_the_whole_way(string field, int status)
    {
        var path = Path() + status + field[..3];
        await Heats(path, [.. Fresh, "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT"], "one");
        var taken = world.Path.Taken;
        await Client.Asks(path, field).Gets(status);
        Assert.Equal(taken, world.Path.Taken);
        await Client.Asks(path).Gets(200, "one"); // it may have been fetched anew
        await Short(path, "one");
    }

    [Theory, Trait("Spec", "RFC 9111 §4.3.2"), Trait("Kind", "required")]
    [InlineData("\"v1\"", "", 304)]
    [InlineData("\"v0\", W/\"v1\"", "If-Modified-Since: Thu, 01 Jan 2015 00:00:00 GMT", 304)]
    [InlineData("*", "", 304)]
    [InlineData("\"v2\"", "If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT", 200)]
    public async Task A_condition_that_others_have_had_as_well_goes_the_short_way(string tags, string more, int status)
    {
        var path = Path() + status + tags.Length;
        await Heats(path, [.. Fresh, "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT", "Content-Language: de"], "one");
        string[] fields = [$"If-None-Match: {tags}", .. more.Length == 0 ? Array.Empty<string>() : [more]];
        var content = status == 304 ? "" : "one";
        var whole = await Client.Asks(path, fields).Gets(status, content, Outcome.Hit);
        var taken = world.Path.Taken;
        for (var i = 1; i < 5; i++)
        {
            var brief = await Client.Asks(path, fields).Gets(status, content, Outcome.Hit);
            Assert.Equal(taken + i, world.Path.Taken);
            Assert.Equal(whole.Head, brief.Head);
        }

        await Short(path, "one");
        Origin.Answers(path, 200, ["Cache-Control: max-age=60", "ETag: \"v3\""], "two");
        await Client.Sends("PURGE", path, []).Gets(200);
        await Client.Asks(path, fields).Gets(tags == "*" ? 304 : 200);
        await Client.Asks(path, fields).Gets(tags == "*" ? 304 : 200);
        await Client.Asks(path, fields).Gets(tags == "*" ? 304 : 200);
        await Client.Asks(path).Gets(200, "two", Outcome.Hit);
    }

    [Fact]
    public async Task Other_methods_and_other_names_of_the_host_go_the_whole_way()
    {
        await Heats(Path(), Fresh, "one");
        var taken = world.Path.Taken;
        await Client.Sends("HEAD", Path(), []).Gets(200, "", Outcome.Hit);
        using var other = new Client(path => new Uri(world.Granary.Url, path), HttpVersion.Version11, host: "other.example");
        Origin.Answers(Path(), 200, Fresh, "other");
        await other.Asks(Path()).Gets(200, "other", Outcome.Stored);
        Assert.Equal(taken, world.Path.Taken);
        await Client.Sends("POST", Path(), [], "x").Gets(200);
        await Whole(Path(), "other", Outcome.UriMiss); // RFC 9111 §4.4
    }

    [Fact, Trait("Promise", "P4")]
    public async Task Large_content_comes_whole()
    {
        var content = string.Concat(Enumerable.Range(0, 200_000).Select(static i => $"{i} "));
        await Heats(Path(), Fresh, content);
        await Short(Path(), content);
        await Heats(Path() + "/empty", Fresh, "");
        await Short(Path() + "/empty", "");
    }

    [Fact, Trait("Promise", "P4")]
    public async Task A_client_that_reads_slowly_gets_whole_what_it_asked_for_though_it_is_purged_meanwhile_and_its_room_is_wanted()
    {
        await using var origin = Origin.Starts();
        await using var granary = await OneProcess.Starts(origin, ["--memory", "96MiB"]);
        using var client = granary.Client();
        var content = string.Concat(Enumerable.Range(0, 450_000).Select(static i => $"{i} "));
        origin.Answers("/slow", 200, Fresh, content);
        for (var i = 0; i < 3; i++) await client.Asks("/slow").Gets(200, content);
        using var slow = await RawClient.Connects(granary.Url, receives: 16_384);
        await slow.Sends($"GET /slow HTTP/1.1\r\nHost: {granary.Url.Authority}\r\n\r\n");
        Assert.Contains("; hit", await slow.ReadsHead(), StringComparison.Ordinal);
        Assert.Equal(content[..1000], await slow.Reads(1000));
        await client.Sends("PURGE", "/slow", []).Gets(200);
        for (var i = 0; i < 60; i++)
        {
            origin.Answers($"/other{i}", 200, Fresh, new string('x', 2 << 20));
            await client.Asks($"/other{i}").Gets(200);
        }

        Assert.Equal(content[1000..], await slow.Reads(content.Length - 1000));
    }

    [Fact]
    public async Task Changed_settings_hold_for_what_was_hot_before()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/a", 200, Fresh, "one");
        string Json(string more) => $$"""{ "ReverseProxy": { "Routes": { "r": { "ClusterId": "c", "Match": { "Path": "{**all}" } } }, "Clusters": { {{RoutedProcess.Cluster("c", origin)}} } }, "Granary": { {{more}} } }""";
        await using var granary = await RoutedProcess.StartsWith(Json(""));
        var hits = granary.Process.Services.GetRequiredService<HitPath>();
        using var client = granary.Client();
        for (var i = 0; i < 3; i++) await client.Asks("/a").Gets(200, "one");
        Assert.Equal(1, hits.Taken);
        granary.BecomesAll(Json(""" "ResponseFields": [ { "Name": "X-New", "Do": "Set", "Value": "1" } ] """));
        (await client.Asks("/a").Gets(200, "one", Outcome.Hit)).Has("X-New: 1");
        (await client.Asks("/a").Gets(200, "one", Outcome.Hit)).Has("X-New: 1");
        granary.BecomesAll(Json(""" "Maintenance": { "On": true, "AnswerFromCache": false } """));
        await client.Asks("/a").Gets(503);
        granary.BecomesAll(Json(""" "RateLimits": [ { "Name": "all", "Permits": 1, "Window": "1h", "Everywhere": true } ] """));
        await client.Asks("/a").Gets(200, "one", Outcome.Hit);
        await client.Asks("/a").Gets(429);
    }

    /// <summary>Stored, a hit, and prepared.</summary>
    private async Task Heats(string path, string[] fields, string content)
    {
        Origin.Answers(path, 200, fields, content);
        for (var i = 0; i < 3; i++) await Client.Asks(path).Gets(200, content);
    }

    private async Task<Got> Short(string path, string content, params string[] fields)
    {
        var taken = world.Path.Taken;
        var got = await Client.Asks(path, fields).Gets(200, content, Outcome.Hit);
        Assert.Equal(taken + 1, world.Path.Taken);
        return got;
    }

    private async Task Whole(string path, string content, Outcome outcome)
    {
        var taken = world.Path.Taken;
        await Client.Asks(path).Gets(200, content, outcome);
        Assert.Equal(taken, world.Path.Taken);
    }

    public sealed class World : IAsyncLifetime
    {
        internal Origin Origin { get; } = Origin.Starts();

        internal OneProcess Granary { get; private set; } = null!;

        internal Client Client { get; private set; } = null!;

        internal HitPath Path => Granary.Services.GetRequiredService<HitPath>();

        public async Task InitializeAsync() => Client = (Granary = await OneProcess.Starts(Origin)).Client();

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await Granary.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
