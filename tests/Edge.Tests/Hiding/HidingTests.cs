using Granary.Edge.Tests.Routing;
using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Hiding;

public sealed class HidingTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private string[] Speaking(params string[] more) =>
    [
        "Server: nginx/1.2.3", "X-Powered-By: magic/4", "X-Keep: 1", "ETag: \"v1\"", $"Content-Location: {_origin.Url}/page", $"Refresh: 9; url={_origin.Url}/next", $"Link: <{_origin.Url}/style>; rel=preload", .. more,
    ];

    private void SaysNothingInner(Got got, string authority)
    {
        got.HasNo("Server").HasNo("X-Powered-By").Has("X-Keep: 1").Has($"Content-Location: http://{authority}/page").Has($"Refresh: 9; url=http://{authority}/next").Has($"Link: <http://{authority}/style>; rel=preload");
        Assert.All((string[])["Server", "Content-Location", "Refresh", "Link", "Via", "Cache-Status"], name => Assert.DoesNotContain(_origin.Authority, got.Field(name) ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stored_validated_partial_and_passed_responses_name_what_the_client_has_asked_for()
    {
        _origin.Acts("/page", side => side.Answers(200, Speaking("Cache-Control: max-age=60"), "content"));
        await using var granary = await OneProcess.Starts(_origin);
        using var client = granary.Client();
        foreach (var outcome in new[] { Outcome.Stored, Outcome.Hit }) SaysNothingInner(await client.Asks("/page").Gets(200, "content", outcome), granary.Url.Authority);
        var notModified = await client.Asks("/page", "If-None-Match: \"v1\"").Gets(304);
        notModified.HasNo("Server").Has($"Content-Location: {granary.Url}page");
        SaysNothingInner(await client.Asks("/page", "Range: bytes=0-1").Gets(206, "co"), granary.Url.Authority);
        SaysNothingInner(await client.Sends("POST", "/page", [], "x").Gets(200, "content", Outcome.Method), granary.Url.Authority);
        _origin.Answers("/page", 200, Speaking("Cache-Control: no-store"), "content");
        SaysNothingInner(await client.Asks("/page").Gets(200, "content"), granary.Url.Authority);
        SaysNothingInner(await client.Asks("/page").Gets(200, "content"), granary.Url.Authority);
    }

    [Fact]
    public async Task One_stored_redirect_names_each_client_the_host_that_it_asked_for()
    {
        _origin.Answers("/from", 301, ["Cache-Control: max-age=60", $"Location: {_origin.Url}/to?a=b#c", "Vary: X-None"]);
        await using var granary = await OneProcess.Starts(_origin);
        foreach (var host in (string[])["one.example", "two.example:8443", "[2001:db8::1]:8080"])
        {
            using var client = new Client(path => new Uri(granary.Url, path), host: host);
            (await client.Asks("/from").Gets(301)).Has($"Location: http://{host}/to?a=b#c");
            (await client.Asks("/from").Gets(301, "", Outcome.Hit)).Has($"Location: http://{host}/to?a=b#c");
        }
    }

    [Fact]
    public async Task A_client_that_names_no_host_is_told_paths()
    {
        _origin.Answers("/from", 302, [$"Location: {_origin.Url}/to"]);
        await using var granary = await OneProcess.Starts(_origin);
        using var raw = await RawClient.Connects(granary.Url);
        await raw.Sends("GET /from HTTP/1.0\r\n\r\n");
        var (head, _) = await raw.ReadsResponse();
        Assert.Contains("\r\nLocation: /to\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain(_origin.Authority, head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_map_names_of_all_destinations_and_paths_back_through_their_transforms()
    {
        await using var other = Origin.Starts();
        _origin.Answers("/inner/page", 302, ["Cache-Control: max-age=60", $"Location: {other.Url}/inner/next", "Content-Location: /inner/page", "Server: secret", "Set-Cookie: a=b; Domain=127.0.0.1; Path=/inner/x"]);
        other.Answers("/inner/page", 302, ["Cache-Control: max-age=60", $"Location: {other.Url}/inner/next", "Content-Location: /inner/page", "Server: secret", "Set-Cookie: a=b; Domain=127.0.0.1; Path=/inner/x"]);
        const string route = """ "all": { "ClusterId": "one", "Match": { "Path": "/outer/{**rest}" }, "Transforms": [ { "PathPattern": "/inner/{**rest}" }, { "ResponseHeader": "X-Seen", "Set": "route", "When": "Always" } ] } """;
        await using var granary = await RoutedProcess.Starts(route, Cluster("one", _origin, other));
        using var client = granary.Client("shop.example");
        foreach (var method in new[] { "GET", "GET", "POST" })
            (await client.Sends(method, "/outer/page", [], method == "POST" ? "x" : null).Gets(302)).Has("Location: http://shop.example/outer/next").Has("Content-Location: /outer/page")
                .Has("Set-Cookie: a=b; Domain=shop.example; Path=/outer/x").HasNo("Server").Has("X-Seen: route");
    }

    [Fact, Trait("Spec", "RFC 9111 §4.4"), Trait("Kind", "check"), Trait("Promise", "P2")]
    public async Task An_unsafe_method_invalidates_what_the_origin_names_by_its_own_name()
    {
        _origin.Answers("/item", 200, ["Cache-Control: max-age=60"], "old");
        _origin.Answers("/items", 201, [$"Location: {_origin.Url}/item"]);
        await using var granary = await OneProcess.Starts(_origin);
        using var client = granary.Client();
        await client.Asks("/item").Gets(200, "old", Outcome.Stored);
        await client.Asks("/item").Gets(200, "old", Outcome.Hit);
        (await client.Sends("POST", "/items", [], "x").Gets(201)).Has($"Location: {granary.Url}item");
        await client.Asks("/item").Gets(200, "old", Outcome.Stored);
    }

    [Fact]
    public async Task Early_hints_name_nothing_inner_either()
    {
        _origin.Acts("/hinted", side => side.Sends($"HTTP/1.1 103 Early Hints\r\nServer: secret\r\nLink: <{_origin.Url}/s>; rel=preload\r\n\r\nHTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nword"));
        await using var granary = await OneProcess.Starts(_origin);
        foreach (var request in (string[])["GET /hinted HTTP/1.1\r\nHost: shop.example\r\n\r\n", "POST /hinted HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 0\r\n\r\n"])
        {
            using var raw = await RawClient.Connects(granary.Url);
            await raw.Sends(request);
            var got = await raw.ReadsTo("word");
            Assert.Contains("Link: <http://shop.example/s>; rel=preload", got, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", got, StringComparison.Ordinal);
        }
    }

    [Fact, Trait("Spec", "RFC 9110 §7.6.3"), Trait("Kind", "optimal")]
    public async Task Via_names_no_hosts_and_versions_behind_the_proxy()
    {
        _origin.Answers("/page", 200, ["Via: 1.0 fred, 1.1 app-1.internal:8080 (Squid/4.1, so), 1.1 10.0.0.7"]);
        await using (var granary = await OneProcess.Starts(_origin))
        using (var client = granary.Client())
            (await client.Asks("/page").Gets(200)).Has("Via: 1.0 fred, 1.1 granary, 1.1 granary");
        await using (var granary = await OneProcess.Starts(_origin, ["--Granary:Hiding:ViaHosts", "true"]))
        using (var client = granary.Client())
            (await client.Asks("/page").Gets(200)).Has("Via: 1.0 fred, 1.1 app-1.internal:8080 (Squid/4.1, so), 1.1 10.0.0.7, 1.1 granary");
    }

    [Fact]
    public async Task Settings_say_what_is_removed_and_mapped()
    {
        _origin.Answers("/page", 200, [$"Location: {_origin.Url}/x", "Server: s", "X-Secret: 1", "Content-Location: http://cms.internal:8080/app/x"]);
        await using (var granary = await OneProcess.Starts(_origin, ["--Granary:Hiding:Remove", "X-Secret", "--Granary:Hiding:Names", "http://cms.internal:8080/app=https://www.example.com/cms"]))
        using (var client = granary.Client())
            (await client.Asks("/page").Gets(200)).Has("Server: s").HasNo("X-Secret").Has("Content-Location: https://www.example.com/cms/x").Has($"Location: {granary.Url}x");
        await using (var granary = await OneProcess.Starts(_origin, ["--Granary:Hiding:MapNames", "false"]))
        using (var client = granary.Client())
            (await client.Asks("/page").Gets(200)).HasNo("Server").Has($"Location: {_origin.Url}/x");
    }

    [Fact]
    public async Task A_forward_proxy_hides_nothing()
    {
        _origin.Answers("/page", 200, ["Server: s", $"Location: {_origin.Url}/x", "Via: 1.1 a.example"]);
        await using var granary = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8"]);
        using var client = granary.ForwardClient(_origin);
        (await client.Asks("/page").Gets(200)).Has("Server: s").Has($"Location: {_origin.Url}/x").Has("Via: 1.1 a.example, 1.1 granary");
    }
}
