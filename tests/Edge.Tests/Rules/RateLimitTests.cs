using Granary.Edge.Tests.Routing;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Rules;

public sealed class RateLimitTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        foreach (var path in new[] { "/page", "/api/page", "/free/page" }) _origin.Answers(path, 200, ["Cache-Control: max-age=60"], "page");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private string Configuration(string limits, string apiPolicy = "api") => $$"""
        {
          "Granary": { "RateLimits": [ {{limits}} ] },
          "ReverseProxy": {
            "Routes": {
              "api":  { "ClusterId": "one", "Match": { "Path": "/api/{**rest}" }, "RateLimiterPolicy": "{{apiPolicy}}" },
              "free": { "ClusterId": "one", "Match": { "Path": "/free/{**rest}" }, "RateLimiterPolicy": "Disable" },
              "all":  { "ClusterId": "one", "Match": { "Path": "{**rest}" } }
            },
            "Clusters": { "one": { "Destinations": { "d": { "Address": "{{_origin.Url}}" } } } }
          }
        }
        """;

    [Fact, Trait("Spec", "RFC 6585 §4"), Trait("Kind", "required")]
    public async Task A_route_has_the_limit_that_its_policy_names_and_a_hit_counts_too()
    {
        await using var granary = await RoutedProcess.StartsWith(Configuration(""" { "Name": "api", "Permits": 2, "Window": "10s" } """));
        using var client = granary.Client();
        for (var i = 0; i < 2; i++) await client.Asks("/api/page").Gets(200, "page");
        (await client.Asks("/api/page").Gets(429)).Has("Retry-After: 5").Has("Cache-Control: no-store").SaysNothingInner();
        await client.Sends("POST", "/api/page", [], "x").Gets(429);
        for (var i = 0; i < 5; i++) await client.Asks("/page").Gets(200, "page");
        _origin.WasAsked("/api/page", 1);
        granary.Process.Clock.Passes(5.Seconds());
        await client.Asks("/api/page").Gets(200, "page", Outcome.Hit);
        await client.Asks("/api/page").Gets(429);
        using var admin = new Client(path => new Uri(granary.Process.Admin, path));
        Assert.Matches("""granary_limits_refused_total\{[^}]*limit="api"[^}]*\} 3\b""", (await admin.Asks("/metrics").Gets(200)).Content);
    }

    [Fact]
    public async Task A_limit_that_holds_everywhere_holds_beside_that_of_a_route_and_not_where_limits_are_disabled()
    {
        await using var granary = await RoutedProcess.StartsWith(Configuration(""" { "Name": "all", "Permits": 4, "Window": "1h", "Everywhere": true }, { "Name": "api", "Permits": 1, "Window": "1h" } """));
        using var client = granary.Client();
        await client.Asks("/api/page").Gets(200);
        await client.Asks("/api/page").Gets(429);
        for (var i = 0; i < 2; i++) await client.Asks("/page").Gets(200);
        await client.Asks("/page").Gets(429);
        await client.Asks("/nowhere").Gets(429);
        for (var i = 0; i < 10; i++) await client.Asks("/free/page").Gets(200, "page");
    }

    [Fact]
    public async Task So_many_requests_at_a_time_are_let_through_and_more_when_one_has_ended()
    {
        var goesOn = new TaskCompletionSource();
        _origin.Acts("/api/slow", async side =>
        {
            await goesOn.Task;
            await side.Answers(200, ["Cache-Control: no-store"], "slow");
        });
        await using var granary = await RoutedProcess.StartsWith(Configuration(""" { "Name": "api", "Kind": "Concurrency", "Permits": 1 } """));
        using var client = granary.Client();
        var slow = client.Asks("/api/slow");
        await _origin.IsAsked("/api/slow");
        (await client.Asks("/api/page").Gets(429)).Has("Retry-After: 1");
        goesOn.SetResult();
        await slow.Gets(200, "slow");
        await WhenLetIn(client);
    }

    // The client has the last byte before the request has ended here.
    private static async Task WhenLetIn(Client client)
    {
        for (var patience = Deadline.Over(); (await client.Asks("/api/page").Gets()).Status != 200;)
            Assert.False(patience.IsCompleted, "Nobody is let in any more.");
    }

    [Fact]
    public async Task With_one_origin_the_limits_that_hold_everywhere_hold()
    {
        await using var granary = await OneProcess.Starts(_origin, ["--Granary:RateLimits:0:Name", "all", "--Granary:RateLimits:0:Permits", "1", "--Granary:RateLimits:0:Everywhere", "true", "--Granary:RateLimits:0:For", "All"]);
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, "page");
        (await client.Asks("/page").Gets(429)).Has("Retry-After: 1");
        using var admin = new Client(path => new Uri(granary.Admin, path));
        await admin.Asks("/health/live").Gets(200);
    }

    [Fact]
    public async Task Limits_change_while_it_runs_and_one_that_stays_keeps_its_counts()
    {
        await using var granary = await RoutedProcess.StartsWith(Configuration(""" { "Name": "api", "Permits": 2, "Window": "1h" } """));
        using var client = granary.Client();
        for (var i = 0; i < 2; i++) await client.Asks("/api/page").Gets(200);
        await client.Asks("/api/page").Gets(429);
        granary.BecomesAll(Configuration(""" { "Name": "api", "Permits": 2, "Window": "1h" }, { "Name": "all", "Permits": 1, "Window": "1h", "Everywhere": true } """));
        await client.Asks("/api/page").Gets(429);
        granary.BecomesAll(Configuration(""" { "Name": "wide", "Permits": 100, "Window": "1h" } """, apiPolicy: "wide"));
        for (var i = 0; i < 10; i++) await client.Asks("/api/page").Gets(200);
        Assert.Single(granary.Process.Services.GetRequiredService<SettingsSource>().Current.RateLimits);
    }
}
