using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Routing;

public sealed class RoutingTests : IAsyncLifetime
{
    private readonly Origin _one = Origin.Starts();
    private readonly Origin _two = Origin.Starts();

    public Task InitializeAsync()
    {
        foreach (var path in new[] { "/", "/page", "/api/items", "/page?v=2" })
        {
            _one.Answers(path, 200, ["Cache-Control: max-age=60"], "one");
            _two.Answers(path, 200, ["Cache-Control: max-age=60"], "two");
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    private string Clusters => $"{Cluster("one", _one)}, {Cluster("two", _two)}";

    private const string All = """ "all": { "ClusterId": "one", "Order": 100, "Match": { "Path": "{**rest}" } } """;

    [Theory]
    [InlineData(""" "Hosts": [ "two.example" ] """, "two.example", "/page", "")]
    [InlineData(""" "Path": "/api/{**rest}" """, "any.example", "/api/items", "")]
    [InlineData(""" "Path": "{**rest}", "Headers": [ { "Name": "X-Tenant", "Values": [ "two" ] } ] """, "any.example", "/page", "X-Tenant: two")]
    [InlineData(""" "Path": "{**rest}", "QueryParameters": [ { "Name": "v", "Values": [ "2" ] } ] """, "any.example", "/page?v=2", "")]
    public async Task A_route_takes_what_it_matches_and_the_next_one_the_rest(string match, string host, string path, string field)
    {
        await using var granary = await Starts($$"""{{""}}"special": { "ClusterId": "two", "Match": { {{match}} } }, {{All}}""", Clusters);
        using var special = granary.Client(host);
        using var other = granary.Client("other.example");
        string[] fields = field.Length == 0 ? [] : [field];
        await special.Asks(path, fields).Gets(200, "two", Outcome.Stored);
        await special.Asks(path, fields).Gets(200, "two", Outcome.Hit);
        await other.Asks("/page").Gets(200, "one", Outcome.Stored);
        await other.Asks("/page").Gets(200, "one", Outcome.Hit);
    }

    [Theory, Trait("Spec", "RFC 3986 §5.2.4")]
    [InlineData("/api/../page")]
    [InlineData("/api/%2e%2E/page")]
    [InlineData("/./page")]
    public async Task A_path_with_dot_segments_is_refused_since_it_would_be_routed_as_another_than_the_origin_is_asked_for(string path)
    {
        await using var granary = await Starts(All, Clusters);
        using var raw = await RawClient.Connects(granary.Process.Url);
        await raw.Sends($"GET {path} HTTP/1.1\r\nHost: any.example\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await raw.ReadsTo("\r\n\r\n"), StringComparison.Ordinal);
        _one.WasNotAsked(path);
    }

    [Fact]
    public async Task PURGE_of_what_is_no_URI_is_a_bad_request()
    {
        await using var granary = await Starts(All, Clusters);
        using var raw = await RawClient.Connects(granary.Process.Url);
        await raw.Sends("PURGE http://any.example:99999/page HTTP/1.1\r\nHost: any.example:99999\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await raw.ReadsTo("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_by_method_takes_its_methods_and_its_success_invalidates_what_the_others_stored()
    {
        await using var granary = await Starts($$"""{{""}}"writes": { "ClusterId": "two", "Match": { "Path": "{**rest}", "Methods": [ "POST" ] } }, {{All}}""", Clusters);
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, "one", Outcome.Stored);
        await client.Asks("/page").Gets(200, "one", Outcome.Hit);
        await client.Sends("POST", "/page", [], "new").Gets(200, "two", Outcome.Method);
        await client.Asks("/page").Gets(200, "one", Outcome.Stored);
    }

    [Fact, Trait("Promise", "P5")]
    public async Task What_a_route_by_a_field_stores_is_not_served_to_requests_of_other_routes_and_goes_with_the_URL()
    {
        await using var granary = await Starts($$"""{{""}}"tenant": { "ClusterId": "two", "Match": { "Path": "{**rest}", "Headers": [ { "Name": "X-Tenant", "Values": [ "two" ] } ] } }, {{All}}""", Clusters);
        using var client = granary.Client();
        await client.Asks("/page", "X-Tenant: two").Gets(200, "two", Outcome.Stored);
        await client.Asks("/page").Gets(200, "one", Outcome.Stored);
        await client.Asks("/page", "X-Tenant: two").Gets(200, "two", Outcome.Hit);
        await client.Asks("/page").Gets(200, "one", Outcome.Hit);
        await client.Sends("PURGE", "/page", []).Gets(200, "{\"purged\":2}\n");
        await client.Asks("/page", "X-Tenant: two").Gets(200, "two", Outcome.Stored);
        await client.Asks("/page").Gets(200, "one", Outcome.Stored);
        await client.Sends("POST", "/page", [], "new").Gets(200);
        await client.Asks("/page", "X-Tenant: two").Gets(200, "two", Outcome.Stored);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task What_a_route_stored_goes_with_the_URL_while_the_route_is_not_there()
    {
        const string tenant = """ "tenant": { "ClusterId": "two", "Match": { "Path": "{**rest}", "Headers": [ { "Name": "X-Tenant", "Values": [ "two" ] } ] } } """;
        await using var granary = await Starts($"{tenant}, {All}", Clusters);
        using var client = granary.Client();
        await client.Asks("/page", "X-Tenant: two").Gets(200, "two", Outcome.Stored);
        granary.Becomes(All, Clusters);
        await client.Sends("POST", "/page", [], "new").Gets(200, "one");
        granary.Becomes($"{tenant}, {All}", Clusters);
        await client.Asks("/page", "X-Tenant: two").Gets(200, "two", Outcome.Stored);
    }

    [Fact]
    public async Task What_no_route_takes_and_is_no_forward_request_is_404()
    {
        await using var granary = await Starts(""" "api": { "ClusterId": "one", "Match": { "Path": "/api/{**rest}" } } """, Clusters);
        using var client = granary.Client();
        await client.Asks("/page").Gets(404);
        await client.Asks("/api/items").Gets(200, "one");
        using var forward = granary.Process.ForwardClient(_two);
        await forward.Asks("/page").Gets(403); // loopback is no destination of strangers
    }

    [Fact]
    public async Task A_route_with_the_cache_off_passes_everything()
    {
        await using var granary = await Starts(""" "all": { "ClusterId": "one", "Match": { "Path": "{**rest}" }, "Metadata": { "Granary.Cache": "off" } } """, Clusters);
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, "one", Outcome.NotStored);
        await client.Asks("/page").Gets(200, "one", Outcome.NotStored);
        _one.WasAsked("/page", 2);
    }

    [Fact]
    public async Task The_origin_is_told_of_the_client_by_us_and_strangers_are_not_believed()
    {
        await using var granary = await Starts(All, Clusters);
        using var client = granary.Client("shop.example");
        await client.Asks("/page", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Host: evil.example", "Forwarded: for=6.6.6.6").Gets(200, "one");
        _one.WasAsked("/page", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: shop.example", "X-Forwarded-Proto: http", "Via: 1.1 granary", $"Host: {_one.Authority}");
        _one.WasAskedWithout("/page", "Forwarded");
        await client.Sends("POST", "/page", ["X-Forwarded-For: 6.6.6.6"], "x").Gets(200, "one");
        _one.WasAsked("/page", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: shop.example", "X-Forwarded-Proto: http", "Via: 1.1 granary", $"Host: {_one.Authority}");
    }

    [Fact]
    public async Task A_hit_does_not_take_the_turn_of_a_destination()
    {
        await using var granary = await Starts(""" "all": { "ClusterId": "both", "Match": { "Path": "{**rest}" } } """, Cluster("both", """ "LoadBalancingPolicy": "RoundRobin", """, _one, _two));
        using var client = granary.Client();
        var stored = (await client.Asks("/page").Gets(200)).Content;
        var turns = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            turns.Add((await client.Sends("POST", "/api/items", [], "x").Gets(200)).Content);
            await client.Asks("/page").Gets(200, stored, Outcome.Hit);
        }

        Assert.NotEqual(turns[0], turns[1]);
        Assert.Equal(turns[..2], turns[2..]);
    }

    [Fact]
    public async Task A_session_begins_with_what_is_passed_and_never_with_what_is_stored()
    {
        const string affinity = """ "SessionAffinity": { "Enabled": true, "Policy": "HashCookie", "AffinityKeyName": "session" }, """;
        await using var granary = await Starts(
            """ "all": { "ClusterId": "both", "Match": { "Path": "{**rest}" }, "Metadata": { "Granary.PassSessions": "true" } } """, Cluster("both", affinity, _one, _two));
        using var client = granary.Client();
        (await client.Asks("/page").Gets(200)).HasNo("Set-Cookie");
        var passed = await client.Sends("POST", "/api/items", [], "x").Gets(200);
        var cookie = passed.Field("Set-Cookie")!.Split(';')[0];
        Assert.StartsWith("session=", cookie, StringComparison.Ordinal);
        for (var i = 0; i < 4; i++) await client.Asks("/page", $"Cookie: {cookie}").Gets(200, passed.Content, Outcome.NotStored);
    }
}
