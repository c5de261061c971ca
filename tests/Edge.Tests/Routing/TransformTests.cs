using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Routing;

public sealed class TransformTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Acts("/inner/page", side => side.Answers(200, ["Cache-Control: max-age=60", "X-Powered-By: magic", "ETag: \"v1\""], side.Request.Fields.First("X-Set") ?? "nothing set"));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private Task<RoutedProcess> Starts(string transforms, string path = "/outer/{**rest}") => RoutedProcess.Starts(
        $$"""{{""}}"all": { "ClusterId": "one", "Match": { "Path": "{{path}}" }, "Transforms": [ {{transforms}} ] }""", Cluster("one", _origin));

    private const string Path = """ { "PathRemovePrefix": "/outer" }, { "PathPrefix": "/inner" }, """;

    [Fact]
    public async Task What_is_fetched_and_what_is_passed_go_through_the_same_transforms()
    {
        await using var granary = await Starts(Path + """ { "RequestHeader": "X-Set", "Set": "by the route" }, { "RequestHeaderRemove": "X-Secret" } """);
        using var client = granary.Client();
        await client.Asks("/outer/page", "X-Secret: 1").Gets(200, "by the route", Outcome.Stored);
        _origin.WasAskedWithout("/inner/page", "X-Secret");
        _origin.WasAsked("/inner/page", "X-Forwarded-For: 127.0.0.1", "Via: 1.1 granary");
        await client.Asks("/outer/page").Gets(200, "by the route", Outcome.Hit);
        await client.Sends("POST", "/outer/page", ["X-Secret: 1", "X-Forwarded-For: 6.6.6.6", "Forwarded: for=6.6.6.6"], "x").Gets(200, "by the route", Outcome.Method);
        _origin.WasAskedWithout("/inner/page", "X-Secret", "Forwarded");
        _origin.WasAsked("/inner/page", "X-Forwarded-For: 127.0.0.1", "Via: 1.1 granary", $"Host: {_origin.Authority}");
        await client.Asks("/outer/page").Gets(200, "by the route", Outcome.Stored);
    }

    [Fact]
    public async Task A_hit_gets_the_transforms_of_the_response_as_a_miss_and_a_pass_do()
    {
        await using var granary = await Starts(Path + """ { "ResponseHeader": "X-Seen", "Set": "by the route", "When": "Always" }, { "ResponseHeaderRemove": "X-Powered-By", "When": "Always" } """);
        using var client = granary.Client();
        foreach (var outcome in new[] { Outcome.Stored, Outcome.Hit })
            (await client.Asks("/outer/page").Gets(200, "nothing set", outcome)).Has("X-Seen: by the route").Has("Via: 1.1 granary").HasNo("X-Powered-By").Has("ETag: \"v1\"");
        (await client.Sends("POST", "/outer/page", [], "x").Gets(200, "nothing set", Outcome.Method)).Has("X-Seen: by the route").Has("Via: 1.1 granary").HasNo("X-Powered-By");
        (await client.Asks("/outer/page").Gets(200, "nothing set", Outcome.Stored)).Has("X-Seen: by the route");
        (await client.Asks("/outer/page", "If-None-Match: \"v1\"").Gets(304)).Has("X-Seen: by the route");
        (await client.Asks("/outer/page", "Range: bytes=0-3").Gets(206, "noth")).Has("Content-Range: bytes 0-3/11").Has("X-Seen: by the route");
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_method_that_a_transform_makes_invalidates_as_the_origin_has_seen_it()
    {
        await using var granary = await Starts(Path + """ { "HttpMethodChange": "HEAD", "Set": "POST" } """);
        using var client = granary.Client();
        await client.Asks("/outer/page").Gets(200, "nothing set", Outcome.Stored);
        await client.Sends("HEAD", "/outer/page", ["Cache-Control: no-cache"]).Gets(200);
        await client.Asks("/outer/page").Gets(200, "nothing set", Outcome.Stored);
    }

    [Fact]
    public async Task The_original_host_is_sent_where_the_route_says_so()
    {
        await using var granary = await Starts(Path + """ { "RequestHeaderOriginalHost": "true" } """);
        using var client = granary.Client("Shop.Example:80");
        await client.Asks("/outer/page").Gets(200, "nothing set", Outcome.Stored);
        _origin.WasAsked("/inner/page", "Host: shop.example");
        await client.Sends("POST", "/outer/page", [], "x").Gets(200);
        _origin.WasAsked("/inner/page", "Host: Shop.Example:80");
    }

    [Fact]
    public async Task Forwarding_fields_are_those_that_the_route_wants()
    {
        await using var granary = await Starts(Path + """ { "X-Forwarded": "Off" }, { "Forwarded": "proto,host", "Action": "Append" } """);
        using var client = granary.Client("shop.example");
        await client.Asks("/outer/page", "Forwarded: host=evil.example").Gets(200, "nothing set", Outcome.Stored);
        _origin.WasAskedWithout("/inner/page", "X-Forwarded-For", "X-Forwarded-Host");
        _origin.WasAsked("/inner/page", "Forwarded: proto=http;host=\"shop.example\"");
    }

    [Fact, Trait("Promise", "P5")]
    public async Task A_path_that_stays_partly_encoded_is_passed_so_that_no_two_keys_mean_one_fetch()
    {
        await using var granary = await Starts(Path + """ { "RequestHeader": "X-Set", "Set": "x" } """);
        using var client = granary.Client();
        (await client.Asks("/outer/a%2Fb").Gets(404)).Was(Outcome.NotStored);
    }

    [Fact]
    public async Task A_query_that_the_route_makes_is_fetched_and_no_part_of_the_key()
    {
        _origin.Answers("/inner/page?source=proxy", 200, ["Cache-Control: max-age=60"], "with source");
        await using var granary = await Starts(Path + """ { "QueryValueParameter": "source", "Set": "proxy" } """);
        using var client = granary.Client();
        await client.Asks("/outer/page").Gets(200, "with source", Outcome.Stored);
        await client.Asks("/outer/page").Gets(200, "with source", Outcome.Hit);
        await client.Sends("PURGE", "/outer/page", []).Gets(200, "{\"purged\":1}\n");
    }
}
