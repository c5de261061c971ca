using System.Text.Json;
using Granary.Grains.Store;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Purging;

[Trait("Promise", "P2")]
public sealed class AdminPurgeTests : PurgeScene
{
    private const string Fresh = "Cache-Control: max-age=600";

    public static TheoryData<string> Scopes => ["url", "urls", "tag", "tags", "group", "prefix", "prefix of characters", "host", "all"];

    [Theory, MemberData(nameof(Scopes))]
    public async Task What_is_hit_is_gone_when_the_answer_comes_and_what_is_not_stays(string scope)
    {
        await Stores("/news/one", "first");
        await Stores("/other", "other", "Surrogate-Key: elsewhere");
        var answer = await HasPurged(Order(scope));
        Assert.Equal(scope.Split(' ')[0] is "group" ? "tag" : scope.Split(' ')[0], answer.GetProperty("scope").GetString());
        Assert.False(answer.GetProperty("soft").GetBoolean());
        Assert.True(answer.GetProperty("milliseconds").GetDouble() >= 0);
        Assert.Equal(scope is "url" or "urls" ? JsonValueKind.Number : JsonValueKind.Null, answer.GetProperty("purged").ValueKind);
        Answers("/news/one", "second");
        await Client.Asks("/news/one").Gets(200, "second", Outcome.Stored);
        await Client.Asks("/news/one").Gets(200, "second", Outcome.Hit);
        if (scope is not ("host" or "all")) await Client.Asks("/other").Gets(200, "other", Outcome.Hit);
        Assert.All(Origin.Requests("/news/one"), static request => Assert.False(request.Fields.Has("If-None-Match")));
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task What_is_hit_softly_is_validated_by_the_next_request_and_fresh_again_after_a_304(string scope)
    {
        await Stores("/news/one", "first");
        var answer = await HasPurged(Order(scope, soft: true));
        Assert.True(answer.GetProperty("soft").GetBoolean());
        Origin.Answers("/news/one", 304, [Fresh, "ETag: \"first\""]);
        await Client.Asks("/news/one").Gets(200, "first", Outcome.Validated);
        await Client.Asks("/news/one").Gets(200, "first", Outcome.Hit);
        Origin.WasAsked("/news/one", "If-None-Match: \"first\"");
        await HasPurged(Order(scope, soft: true));
        Answers("/news/one", "second");
        await Client.Asks("/news/one").Gets(200, "second");
        await Client.Asks("/news/one").Gets(200, "second", Outcome.Hit);
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task A_fetch_that_began_before_serves_whoever_waits_and_is_not_reused(string scope)
    {
        foreach (var soft in new[] { false, true })
        {
            var (gate, path) = (new TaskCompletionSource(), $"/news/one{(soft ? "-soft" : "")}");
            var count = 0;
            Origin.Acts(path, async side =>
            {
                var mine = Interlocked.Increment(ref count);
                if (mine == 1) await gate.Task;
                await side.Answers(200, [Fresh, "Surrogate-Key: news", "Cache-Groups: \"group\"", $"ETag: \"{mine}\""], $"version {mine}");
            });
            var before = Client.Asks(path);
            await Origin.IsAsked(path);
            await HasPurged(Order(scope, soft, path));
            var after = scope is "tag" or "tags" or "group" ? null : Client.Asks(path); // which groups it has is not known before its head
            if (after is not null) await after.Gets(200, "version 2", Outcome.Stored);
            gate.SetResult();
            await before.Gets(200, "version 1");
            await Process.FetchesEnd(UriOf(path));
            await Client.Asks(path).Gets(200, "version 2");
            await Client.Asks(path).Gets(200, "version 2", Outcome.Hit);
        }
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task A_content_that_arrives_when_it_is_hit_is_not_reused(string scope)
    {
        var (gate, count) = (new TaskCompletionSource(), 0);
        Origin.Acts("/news/one", async side =>
        {
            var mine = Interlocked.Increment(ref count);
            if (mine > 1)
            {
                await side.Answers(200, [Fresh], "second");
                return;
            }

            await side.Sends($"HTTP/1.1 200 OK\r\n{Fresh}\r\nSurrogate-Key: news\r\nCache-Groups: \"group\"\r\nContent-Length: 8\r\n\r\nfirs");
            await gate.Task;
            await side.Sends("tly.");
        });
        var before = Client.Asks("/news/one");
        using (await before.Head) await HasPurged(Order(scope));
        await Client.Asks("/news/one").Gets(200, "second", Outcome.Stored);
        gate.SetResult();
        await Client.Asks("/news/one").Gets(200, "second", Outcome.Hit);
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task A_validation_that_began_before_a_soft_purge_does_not_make_it_fresh(string scope)
    {
        await Stores("/news/one", "first");
        Clock.Passes(700.Seconds());
        var (gate, count) = (new TaskCompletionSource(), 0);
        Origin.Acts("/news/one", async side =>
        {
            var isFirst = Interlocked.Increment(ref count) == 1;
            if (isFirst) await gate.Task;
            await side.Answers(304, [Fresh, "ETag: \"first\""]);
        });
        var before = Client.Asks("/news/one");
        await Origin.IsAsked("/news/one", 2);
        await HasPurged(Order(scope, soft: true));
        gate.SetResult();
        await before.Gets(200, "first");
        var asked = Volatile.Read(ref count);
        await Client.Asks("/news/one").Gets(200, "first");
        Assert.True(Volatile.Read(ref count) > 1, "The 304 was given before the purge.");
        Assert.InRange(asked, 1, 2);
        await Client.Asks("/news/one").Gets(200, "first", Outcome.Hit);
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task Stored_parts_are_hit_as_the_whole_is(string scope)
    {
        foreach (var soft in new[] { false, true })
        {
            var (path, version) = ($"/news/one{(soft ? "-soft" : "")}", 1);
            Origin.Acts(path, side =>
            {
                var range = side.Request.Fields.First("Range")!["bytes=".Length..].Split('-').Select(int.Parse).ToArray();
                return side.Answers(206, [Fresh, "Surrogate-Key: news", "Cache-Groups: \"group\"", $"ETag: \"{version}\"", $"Content-Range: bytes {range[0]}-{range[1]}/4000000"], new string((char)('0' + version), range[1] - range[0] + 1));
            });
            await Client.Asks(path, "Range: bytes=3000000-3000003").Gets(206, "1111");
            await Client.Asks(path, "Range: bytes=3000000-3000003").Gets(206, "1111", Outcome.Hit);
            Origin.WasAsked(path, 1);
            await HasPurged(Order(scope, soft, path));
            version = 2;
            await Client.Asks(path, "Range: bytes=3000000-3000003").Gets(206, "2222");
            await Client.Asks(path, "Range: bytes=3000000-3000003").Gets(206, "2222", Outcome.Hit);
            Origin.WasAsked(path, 2);
        }
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task What_a_POST_stored_is_hit(string scope)
    {
        Origin.Acts("/news/one", side => side.Request.Method == "POST"
            ? side.Answers(200, [Fresh, "Content-Location: /news/one", "Surrogate-Key: news", "Cache-Groups: \"group\""], "posted")
            : side.Answers(200, [Fresh], "got"));
        await Stores("/other", "other");
        Clock.Passes(2.Seconds()); // what is not remembered counts as invalidated when the process came up
        await Client.Sends("POST", "/news/one", [], "x").Gets(200, "posted");
        await Client.Asks("/news/one").Gets(200, "posted", Outcome.Hit);
        await HasPurged(Order(scope));
        await Client.Asks("/news/one").Gets(200, "got", Outcome.Stored);
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task A_HEAD_does_not_freshen_what_was_purged_softly(string scope)
    {
        await Stores("/news/one", "first");
        await HasPurged(Order(scope, soft: true));
        Origin.Acts("/news/one", static side => side.Answers(200, [Fresh, "ETag: \"first\"", "Content-Length: 5", "Surrogate-Key: news", "Cache-Groups: \"group\""], side.Request.Method == "HEAD" ? "" : "first"));
        await Client.Sends("HEAD", "/news/one", ["Cache-Control: no-store"]).Gets(200);
        var times = Origin.Requests("/news/one").Count;
        await Client.Asks("/news/one").Gets(200, "first");
        Origin.WasAsked("/news/one", times + 1);
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task What_was_purged_softly_is_served_while_it_is_validated_and_when_the_origin_is_in_trouble_if_the_response_says_so(string scope)
    {
        Answers("/news/one", "first", "Cache-Control: max-age=600, stale-while-revalidate=60, stale-if-error=60");
        await Client.Asks("/news/one").Gets(200, "first", Outcome.Stored);
        Clock.Passes(300.Seconds());
        await HasPurged(Order(scope, soft: true));
        Clock.Passes(59.Seconds());
        var gate = new TaskCompletionSource(); // else the new one may be there before the old one is opened
        Origin.Acts("/news/one", async side =>
        {
            await gate.Task;
            await side.Answers(200, [.. Labels("second"), "Cache-Control: max-age=600, stale-if-error=60"], "second");
        });
        await Client.Asks("/news/one").Gets(200, "first");
        await Origin.IsAsked("/news/one", 2);
        gate.SetResult();
        await Process.FetchesEnd(UriOf("/news/one"));
        await Client.Asks("/news/one").Gets(200, "second", Outcome.Hit);
        await HasPurged(Order(scope, soft: true));
        Origin.Answers("/news/one", 503, ["Cache-Control: no-store"], "trouble");
        await Client.Asks("/news/one").Gets(200, "second");
        Clock.Passes(61.Seconds());
        await Client.Asks("/news/one").Gets(503, "trouble");
    }

    [Fact]
    public async Task Every_variant_of_a_URL_is_hit_and_counted_once_however_often_it_is_named()
    {
        Origin.Acts("/page", static side => side.Answers(200, [Fresh, "Vary: Accept-Language"], side.Request.Fields.First("Accept-Language")!));
        foreach (var language in new[] { "de", "fr", "en" }) await Client.Asks("/page", $"Accept-Language: {language}").Gets(200, language);
        var url = UriOf("/page");
        var twice = new { urls = new[] { url, url.Replace("http", "HTTP", StringComparison.Ordinal), UriOf("/nothing") } };
        Assert.Equal(3, (await HasPurged(twice)).GetProperty("purged").GetInt32());
        Assert.Equal(0, (await HasPurged(twice)).GetProperty("purged").GetInt32());
    }

    [Fact]
    public async Task A_thousand_URLs_go_in_one_call()
    {
        var urls = Enumerable.Range(0, 1000).Select(i => UriOf($"/many/{i}")).ToList();
        foreach (var i in new[] { 0, 500, 999 }) await Stores($"/many/{i}", "first");
        Assert.Equal(3, (await HasPurged(new { urls, soft = true })).GetProperty("purged").GetInt32());
        Assert.Equal(3, (await HasPurged(new { urls })).GetProperty("purged").GetInt32());
        Assert.Equal(400, (await Purges(new { urls = urls.Append(UriOf("/one/too/many")) })).Status);
    }

    [Fact]
    public async Task A_host_is_purged_with_all_its_ports_and_no_other_is()
    {
        foreach (var host in new[] { "a.example", "a.example:8080", "b.example", "a.example.org" })
        {
            Answers("/page", host);
            await Client.Asks("/page", $"Host: {host}").Gets(200, host, Outcome.Stored);
        }

        await HasPurged(new { host = "A.example" });
        Answers("/page", "new");
        foreach (var host in new[] { "a.example", "a.example:8080" }) await Client.Asks("/page", $"Host: {host}").Gets(200, "new", Outcome.Stored);
        foreach (var host in new[] { "b.example", "a.example.org" }) await Client.Asks("/page", $"Host: {host}").Gets(200, host, Outcome.Hit);
    }

    [Fact, Trait("Promise", "P7")]
    public async Task What_a_host_a_prefix_or_all_was_purged_for_gives_its_memory_back_without_being_asked_for()
    {
        var store = Process.Services.GetRequiredService<ResponseStore>();
        foreach (var order in new[] { Order("host"), Order("prefix"), Order("all") })
        {
            for (var i = 0; i < 20; i++) await Stores($"/news/{i}", "content");
            await HasPurged(order);
            await Process.IsSwept();
            Assert.Equal(0, store.Statistics.Objects);
        }
    }

    [Fact]
    public async Task PURGE_on_the_proxy_port_can_be_soft()
    {
        await Stores("/page", "first");
        await Client.Sends("PURGE", "/page", ["Granary-Purge: soft"]).Gets(200, "{\"purged\":1}\n");
        Origin.Answers("/page", 304, [Fresh, "ETag: \"first\""]);
        await Client.Asks("/page").Gets(200, "first", Outcome.Validated);
        await Client.Asks("/page").Gets(200, "first", Outcome.Hit);
    }

    private Clock Clock => Process.Clock;

    private object Order(string scope, bool soft = false, string path = "/news/one") => scope switch
    {
        "url" => new { url = UriOf(path), soft },
        "urls" => new { urls = new[] { UriOf(path) }, soft },
        "tag" => new { tag = "news", soft },
        "tags" => new { tags = new[] { "nothing", "news" }, soft },
        "group" => new { tag = "group", soft },
        "prefix" => new { prefix = UriOf("/news/"), soft },
        "prefix of characters" => new { prefix = UriOf("/ne"), soft },
        "host" => new { host = "127.0.0.1", soft },
        _ => new { all = true, soft },
    };

    private void Answers(string path, string content, string freshness = Fresh) =>
        Origin.Answers(path, 200, [.. Labels(content), freshness], content);

    private static string[] Labels(string content) => ["Surrogate-Key: news more", "Cache-Groups: \"group\"", $"ETag: \"{content}\""];

    private async Task Stores(string path, string content, params string[] fields)
    {
        if (fields.Length > 0) Origin.Answers(path, 200, [Fresh, .. fields], content);
        else Answers(path, content);
        await Client.Asks(path).Gets(200, content, Outcome.Stored);
    }
}
