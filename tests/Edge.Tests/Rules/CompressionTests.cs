using Granary.Edge.Rules.Compression;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Rules;

public sealed class CompressionTests : IAsyncLifetime
{
    private const string Gzip = "Accept-Encoding: gzip";

    private static readonly string[] On = ["--Granary:Compression:Enabled", "true"];

    private static readonly string[] Html = ["Content-Type: text/html; charset=utf-8", "Cache-Control: max-age=60", "ETag: \"v1\""];

    private static readonly string Page = Decoding.Text(20_000);

    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/page", 200, Html, Page);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private Task<OneProcess> Starts(params string[] more) => OneProcess.Starts(_origin, [.. On, .. more]);

    [Fact]
    public async Task By_default_nothing_is_compressed()
    {
        await using var granary = await OneProcess.Starts(_origin);
        using var client = granary.Client();
        (await client.Asks("/page", Gzip).Gets(200, Page)).HasNo("Vary").HasNo("Content-Encoding").Has("ETag: \"v1\"");
    }

    [Theory, Trait("Spec", "RFC 9110 §12.5.3"), Trait("Kind", "required")]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("gzip, br", "br")]
    [InlineData("br;q=0.5, gzip", "gzip")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*", "br")]
    [InlineData("identity;q=0.5, gzip;q=0.8", "gzip")]
    [InlineData("gzip;q=0.5, identity", null)]
    [InlineData("gzip;q=0", null)]
    [InlineData("*;q=0", null)]
    [InlineData("*;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData("deflate, zstd, compress", null)]
    [InlineData("", null)]
    [InlineData(",", null)]
    [InlineData("gzip;q=nonsense", null)]
    [InlineData("gzip;;q=1", null)]
    public async Task The_coding_is_the_one_that_the_client_likes_best(string accepted, string? coding)
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        foreach (var outcome in new[] { Outcome.Stored, Outcome.Hit })
        {
            var got = (await client.Asks("/page", $"Accept-Encoding: {accepted}").Gets(200)).Was(outcome).Has("Vary: Accept-Encoding").HasNo("Accept-Ranges");
            if (coding is null) got.HasContent(Page).HasNo("Content-Encoding").Has($"Content-Length: {Page.Length}").Has("ETag: \"v1\"");
            else got.IsCoded(coding, Page).Has("ETag: W/\"v1\"");
        }
    }

    [Fact, Trait("Spec", "RFC 9110 §12.5.5"), Trait("Kind", "required")]
    public async Task A_client_that_asks_for_no_coding_gets_none_and_caches_behind_it_are_told_of_the_others()
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        (await client.Asks("/page").Gets(200, Page)).Has("Vary: Accept-Encoding").Has("ETag: \"v1\"").HasNo("Content-Encoding");
    }

    [Theory]
    [InlineData("Vary: accept-encoding", "accept-encoding")]
    [InlineData("Vary: Origin", "Origin, Accept-Encoding")]
    [InlineData("Vary: Origin, Accept-Encoding", "Origin, Accept-Encoding")]
    public async Task Vary_names_it_once(string said, string vary)
    {
        _origin.Answers("/varied", 200, [.. Html, said], Page);
        await using var granary = await Starts();
        using var client = granary.Client();
        Assert.Equal(vary, (await client.Asks("/varied", Gzip).Gets(200)).IsCoded("gzip", Page).Field("Vary"));
    }

    [Theory, Trait("Spec", "RFC 9110 §7.7, RFC 9111 §5.2.2.6"), Trait("Kind", "required")]
    [InlineData("Cache-Control: max-age=60, no-transform")]
    [InlineData("Content-Encoding: deflate")]
    [InlineData("Content-Encoding: identity")]
    [InlineData("Content-Type: image/png")]
    [InlineData("Content-Type: text/event-stream")]
    [InlineData("Content-Type: nonsense")]
    [InlineData("Content-Type: ")]
    public async Task What_must_not_or_need_not_be_compressed_goes_as_it_is_to_everybody(string said)
    {
        var name = said.Split(':')[0];
        _origin.Answers("/as-is", 200, [.. Html.Where(line => !line.StartsWith(name, StringComparison.Ordinal)), said, .. name == "Cache-Control" ? Array.Empty<string>() : ["Cache-Control: max-age=60"]], Page);
        await using var granary = await Starts();
        using var client = granary.Client();
        foreach (var outcome in new[] { Outcome.Stored, Outcome.Hit }) (await client.Asks("/as-is", Gzip).Gets(200, Page, outcome)).HasNo("Vary").Has("ETag: \"v1\"");
    }

    [Fact, Trait("Spec", "RFC 9111 §5.2.1.6"), Trait("Kind", "required")]
    public async Task A_client_that_wants_no_transformation_gets_none()
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        (await client.Asks("/page", Gzip, "Cache-Control: no-transform").Gets(200, Page)).HasNo("Content-Encoding").Has("ETag: \"v1\"");
    }

    [Fact]
    public async Task What_is_small_goes_as_it_is_unless_the_client_forbids_that()
    {
        _origin.Answers("/small", 200, Html, "small");
        await using var granary = await Starts();
        using var client = granary.Client();
        (await client.Asks("/small", Gzip).Gets(200, "small")).HasNo("Vary");
        (await client.Asks("/small", "Accept-Encoding: gzip, identity;q=0").Gets(200)).IsCoded("gzip", "small");
    }

    [Fact, Trait("Spec", "RFC 9110 §9.3.2"), Trait("Kind", "required")]
    public async Task HEAD_says_what_GET_would_say()
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        for (var i = 0; i < 2; i++) (await client.Asks("/page", Gzip).Gets(200)).IsCoded("gzip", Page);
        var head = (await client.Sends("HEAD", "/page", [Gzip]).Gets(200, "")).Has("Content-Encoding: gzip").Has("Vary: Accept-Encoding").Has("ETag: W/\"v1\"");
        Assert.Equal((await client.Asks("/page", Gzip).Gets(200)).Field("Content-Length"), head.Field("Content-Length"));
        (await client.Sends("HEAD", "/page", []).Gets(200, "")).HasNo("Content-Encoding").Has("Vary: Accept-Encoding").Has($"Content-Length: {Page.Length}");
        (await client.Sends("HEAD", "/page", ["Accept-Encoding: br"]).Gets(200, "")).Has("Content-Encoding: br").HasNo("Content-Length");
    }

    [Theory, Trait("Spec", "RFC 9110 §13.1.2"), Trait("Kind", "required")]
    [InlineData("W/\"v1\"")]
    [InlineData("\"v1\"")]
    [InlineData("\"v0\", W/\"v1\"")]
    [InlineData("*")]
    public async Task A_client_that_has_the_compressed_form_is_told_so_by_304(string tags)
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        (await client.Asks("/page", Gzip).Gets(200)).Has("ETag: W/\"v1\"");
        (await client.Asks("/page", Gzip, $"If-None-Match: {tags}").Gets(304, "")).Has("ETag: W/\"v1\"").Has("Vary: Accept-Encoding").HasNo("Content-Encoding");
        (await client.Asks("/page", $"If-None-Match: {tags}").Gets(304, "")).Has("ETag: \"v1\"").Has("Vary: Accept-Encoding");
    }

    [Fact, Trait("Spec", "RFC 9110 §14.2"), Trait("Kind", "required")]
    public async Task A_range_is_one_of_the_content_as_it_is()
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        (await client.Asks("/page", Gzip).Gets(200)).IsCoded("gzip", Page);
        (await client.Asks("/page", Gzip, "Range: bytes=5-9").Gets(206, Page[5..10])).HasNo("Content-Encoding").Has("ETag: \"v1\"").Has("Vary: Accept-Encoding").Has("Content-Length: 5");
        (await client.Asks("/page", Gzip, "Range: bytes=5-9", "If-Range: \"v1\"").Gets(206, Page[5..10])).HasNo("Content-Encoding");
        (await client.Asks("/page", Gzip, "Range: bytes=90000-").Gets(416)).HasNo("Content-Encoding");
    }

    [Fact, Trait("Spec", "RFC 9110 §13.1.5"), Trait("Kind", "required")]
    public async Task A_client_that_has_the_beginning_of_a_compressed_form_gets_the_whole()
    {
        _origin.Answers("/dated", 200, ["Content-Type: text/plain", "Cache-Control: max-age=60", "Date: Mon, 05 Jan 2026 12:00:00 GMT", "Last-Modified: Sun, 04 Jan 2026 12:00:00 GMT"], Page);
        await using var granary = await Starts();
        using var client = granary.Client();
        (await client.Asks("/page", Gzip).Gets(200)).IsCoded("gzip", Page);
        (await client.Asks("/page", Gzip, "Range: bytes=5-9", "If-Range: W/\"v1\"").Gets(200)).IsCoded("gzip", Page);
        (await client.Asks("/dated", Gzip).Gets(200)).IsCoded("gzip", Page);
        (await client.Asks("/dated", Gzip, "Range: bytes=5-9", "If-Range: Sun, 04 Jan 2026 12:00:00 GMT").Gets(200)).IsCoded("gzip", Page);
        await client.Asks("/dated", "Range: bytes=5-9", "If-Range: Sun, 04 Jan 2026 12:00:00 GMT").Gets(206, Page[5..10]);
    }

    [Fact]
    public async Task Digests_of_other_bytes_are_not_sent()
    {
        string[] digests = ["Content-Digest: sha-256=:AA==:", "Repr-Digest: sha-256=:AA==:", "Digest: sha-256=AA", "Content-MD5: AA", "Accept-Ranges: bytes"];
        _origin.Answers("/digested", 200, [.. Html, .. digests], Page);
        await using var granary = await Starts();
        using var client = granary.Client();
        var coded = (await client.Asks("/digested", Gzip).Gets(200)).IsCoded("gzip", Page);
        var plain = await client.Asks("/digested").Gets(200, Page);
        foreach (var digest in digests)
        {
            coded.HasNo(digest.Split(':')[0]);
            plain.Has(digest);
        }
    }

    [Fact]
    public async Task A_hit_is_compressed_once()
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, Page, Outcome.Stored);
        for (var i = 0; i < 5; i++) (await client.Asks("/page", Gzip).Gets(200)).Was(Outcome.Hit).IsCoded("gzip", Page);
        (await client.Asks("/page", "Accept-Encoding: br").Gets(200)).Was(Outcome.Hit).IsCoded("br", Page);
        var forms = granary.Services.GetRequiredService<CompressedForms>();
        Assert.Equal((2, 4, 2), (forms.Made, forms.Used, forms.Count));
        using var admin = new Client(path => new Uri(granary.Admin, path));
        Assert.Matches("""granary_compression_memory_bytes\S* [1-9]\d+""", (await admin.Asks("/metrics").Gets(200)).Content);
    }

    [Fact]
    public async Task Many_who_ask_at_once_wait_for_one_compression()
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, Page, Outcome.Stored);
        var asking = Enumerable.Range(0, 32).Select(_ => client.Asks("/page", Gzip)).ToArray();
        foreach (var each in asking) (await each.Gets(200)).IsCoded("gzip", Page);
        Assert.Equal(1, granary.Services.GetRequiredService<CompressedForms>().Made);
    }

    [Theory, Trait("Promise", "P2")]
    [InlineData("PURGE")]
    [InlineData("POST")]
    public async Task A_form_of_what_was_invalidated_is_never_served(string method)
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        for (var version = 1; version <= 3; version++)
        {
            var page = $"{version}{Page}";
            _origin.Acts("/page", side => side.Answers(200, side.Request.Method == "GET" ? Html : ["Content-Type: text/plain"], side.Request.Method == "GET" ? page : "done"));
            foreach (var outcome in new[] { Outcome.Stored, Outcome.Hit, Outcome.Hit }) (await client.Asks("/page", Gzip).Gets(200)).Was(outcome).IsCoded("gzip", page);
            await client.Sends(method, "/page", [], method == "POST" ? "x" : null).Gets(200);
        }
    }

    [Fact]
    public async Task A_form_outlives_a_validation_of_what_it_was_made_of()
    {
        await using var granary = await Starts();
        using var client = granary.Client();
        for (var i = 0; i < 2; i++) (await client.Asks("/page", Gzip).Gets(200)).IsCoded("gzip", Page);
        _origin.Answers("/page", 304, Html);
        granary.Clock.Passes(61.Seconds());
        (await client.Asks("/page", Gzip).Gets(200)).Was(Outcome.Validated).IsCoded("gzip", Page);
        (await client.Asks("/page", Gzip).Gets(200)).Was(Outcome.Hit).IsCoded("gzip", Page);
        Assert.Equal(1, granary.Services.GetRequiredService<CompressedForms>().Made);
    }

    [Fact]
    public async Task Without_memory_for_forms_each_answer_is_compressed_anew()
    {
        await using var granary = await Starts("--Granary:Compression:MemoryLimit", "0B");
        using var client = granary.Client();
        for (var i = 0; i < 3; i++) (await client.Asks("/page", Gzip).Gets(200)).IsCoded("gzip", Page).HasNo("Content-Length");
        Assert.Equal(0, granary.Services.GetRequiredService<CompressedForms>().Bytes);
    }

    [Fact]
    public async Task What_arrives_piece_by_piece_is_with_the_client_piece_by_piece()
    {
        var (first, second) = (Decoding.Text(3000), "the rest");
        var goesOn = new TaskCompletionSource();
        _origin.Acts("/slow", async side =>
        {
            await side.Sends($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCache-Control: {side.Request.Fields.First("X-Stored") ?? "max-age=60"}\r\nTransfer-Encoding: chunked\r\n\r\n{first.Length:x}\r\n{first}\r\n");
            await goesOn.Task;
            await side.Sends($"{second.Length:x}\r\n{second}\r\n0\r\n\r\n");
        });
        await using var granary = await Starts();
        foreach (var stored in new[] { "max-age=60", "no-store" })
        {
            goesOn = new TaskCompletionSource();
            using var http = new HttpClient { BaseAddress = granary.Url };
            using var request = new HttpRequestMessage(HttpMethod.Get, "/slow") { Headers = { { "Accept-Encoding", "gzip" }, { "X-Stored", stored }, { "Cache-Control", "no-cache" } } };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
            await using var decoded = new System.IO.Compression.GZipStream(await response.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
            var bytes = new byte[first.Length];
            await decoded.ReadExactlyAsync(bytes).AsTask().Within();
            goesOn.SetResult();
            using var reader = new StreamReader(decoded);
            Assert.Equal(second, await reader.ReadToEndAsync().Within());
        }
    }

    [Theory, Trait("Promise", "P4")]
    [InlineData("max-age=60")]
    [InlineData("no-store")]
    public async Task A_content_that_breaks_does_not_end_as_if_it_were_whole(string stored)
    {
        _origin.Acts("/cut", async side =>
        {
            await side.Sends($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCache-Control: {stored}\r\nContent-Length: 100000\r\n\r\n{Page}");
            side.Closes();
        });
        await using var granary = await Starts();
        using var client = granary.Client();
        await client.Asks("/cut", Gzip).IsCutOr(502);
        await client.Asks("/cut", Gzip).IsCutOr(502);
    }

    [Fact]
    public async Task What_is_passed_is_compressed_too()
    {
        _origin.Answers("/form", 200, ["Content-Type: application/json", "ETag: \"p\""], Page);
        _origin.Answers("/private", 200, ["Content-Type: application/json", "Cache-Control: no-store"], Page);
        await using var granary = await Starts();
        using var client = granary.Client();
        (await client.Sends("POST", "/form", [Gzip], "x").Gets(200)).Was(Outcome.Method).IsCoded("gzip", Page).Has("Vary: Accept-Encoding").Has("ETag: W/\"p\"").HasNo("Content-Length");
        (await client.Sends("POST", "/form", [], "x").Gets(200, Page)).Has("Vary: Accept-Encoding").Has("ETag: \"p\"");
        for (var i = 0; i < 3; i++) (await client.Asks("/private", Gzip).Gets(200)).IsCoded("gzip", Page);
    }

    [Theory, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "check")]
    [InlineData("W/\"p\"", "W/\"p\"")]
    [InlineData("\"p\"", "\"p\"")]
    [InlineData("W/\"p\", \"p\"", "\"p\"")]
    public async Task A_304_that_is_passed_names_the_tag_that_the_client_knows(string asked, string told)
    {
        _origin.Acts("/private", side => side.Request.Fields.Has("If-None-Match")
            ? side.Answers(304, ["ETag: \"p\"", "Cache-Control: no-store"])
            : side.Answers(200, ["Content-Type: application/json", "ETag: \"p\"", "Cache-Control: no-store"], Page));
        await using var granary = await Starts();
        using var client = granary.Client();
        for (var i = 0; i < 2; i++) (await client.Asks("/private", Gzip).Gets(200)).Has("ETag: W/\"p\"");
        (await client.Asks("/private", Gzip, $"If-None-Match: {asked}").Gets(304, "")).Has($"ETag: {told}");
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "check")]
    public async Task So_does_one_of_what_is_not_stored_here()
    {
        _origin.Acts("/elsewhere", side => side.Request.Fields.Has("If-None-Match")
            ? side.Answers(304, ["ETag: \"p\"", "Cache-Control: max-age=60"])
            : side.Answers(200, ["Content-Type: application/json", "ETag: \"p\"", "Cache-Control: max-age=60"], Page));
        await using var granary = await Starts();
        using var client = granary.Client();
        (await client.Asks("/elsewhere", Gzip, "If-None-Match: W/\"p\"").Gets(304, "")).Has("ETag: W/\"p\"");
    }

    [Fact]
    public async Task An_HTTP_1_0_client_gets_what_has_an_end()
    {
        await using var granary = await Starts();
        using var raw = await RawClient.Connects(granary.Url);
        await raw.Sends("GET /page HTTP/1.0\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
        var answer = await raw.ReadsToEnd();
        Assert.DoesNotContain("Content-Encoding", answer, StringComparison.Ordinal);
        Assert.EndsWith(Page, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forward_proxy_transforms_nothing()
    {
        await using var granary = await OneProcess.Starts(null, [.. On, "--allow-destination", "127.0.0.0/8"]);
        using var client = granary.ForwardClient(_origin);
        (await client.Asks("/page", Gzip).Gets(200, Page)).HasNo("Vary").HasNo("Content-Encoding");
    }
}
