using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Routing;

/// <summary>Origins that die and come back: what may be repeated is, on another destination.</summary>
public sealed class DestinationTests
{
    private const string All = """ "all": { "ClusterId": "three", "Match": { "Path": "{**rest}" } } """;
    private const string Passive = """ "HealthCheck": { "Passive": { "Enabled": true, "ReactivationPeriod": "00:00:30" } }, """;

    [Fact]
    public async Task With_two_of_three_origins_killed_no_GET_fails_and_no_POST_is_sent_twice()
    {
        var origins = Enumerable.Range(0, 3).Select(_ => Origin.Starts()).ToArray();
        var addresses = origins.Select(origin => System.Net.IPEndPoint.Parse(origin.Authority)).ToArray();
        foreach (var origin in origins) Tell(origin);
        await using var granary = await Starts(All, Cluster("three", Passive, origins));
        using var client = granary.Client();
        await Load(client, "before");
        await origins[0].DisposeAsync();
        await origins[1].DisposeAsync();
        await Load(client, "during");
        (origins[0], origins[1]) = (Origin.Starts(addresses[0]), Origin.Starts(addresses[1]));
        foreach (var origin in origins[..2]) Tell(origin);
        await Load(client, "after");
        foreach (var origin in origins) await origin.DisposeAsync();
    }

    private static void Tell(Origin origin)
    {
        foreach (var when in new[] { "before", "during", "after" })
        {
            for (var i = 0; i < 40; i++) origin.Answers($"/{when}/stored-{i}", 200, ["Cache-Control: max-age=60"], "page");
            origin.Answers($"/{when}/passed", 200, ["Cache-Control: no-store"], "own");
        }
    }

    private static async Task Load(Client client, string when)
    {
        var fetched = Enumerable.Range(0, 40).Select(i => client.Asks($"/{when}/stored-{i}").Gets(200, "page"));
        var passed = Enumerable.Range(0, 40).Select(_ => client.Asks($"/{when}/passed").Gets(200, "own"));
        await Task.WhenAll(fetched.Concat(passed));
    }

    [Fact]
    public async Task A_POST_whose_destination_is_gone_fails_and_is_not_tried_elsewhere()
    {
        await using var alive = Origin.Starts();
        var dead = Origin.Starts();
        await dead.DisposeAsync();
        alive.Answers("/form", 200, [], "taken");
        await using var granary = await Starts(All, Cluster("three", """ "LoadBalancingPolicy": "FirstAlphabetical", """, dead, alive));
        using var client = granary.Client();
        await client.Sends("POST", "/form", [], "x").Fails(502, "connect", "connection_refused");
        alive.WasNotAsked("/form");
    }

    [Theory]
    [InlineData("Cache-Control: max-age=60")]
    [InlineData("Cache-Control: no-store")]
    public async Task A_GET_whose_destination_closes_without_an_answer_is_tried_on_the_next(string cacheControl)
    {
        await using var closing = Origin.Starts();
        await using var alive = Origin.Starts();
        closing.Acts("/page", static side =>
        {
            side.Resets();
            return Task.CompletedTask;
        });
        alive.Answers("/page", 200, [cacheControl], "page");
        await using var granary = await Starts(All, Cluster("three", """ "LoadBalancingPolicy": "FirstAlphabetical", """, closing, alive));
        using var client = granary.Client();
        for (var i = 0; i < 3; i++) await client.Asks("/page").Gets(200, "page");
    }

    [Fact]
    public async Task A_status_that_is_configured_sends_a_fetch_to_the_next_destination()
    {
        await using var failing = Origin.Starts();
        await using var alive = Origin.Starts();
        failing.Answers("/page", 503, ["Cache-Control: no-store"], "not now");
        alive.Answers("/page", 200, ["Cache-Control: max-age=60"], "page");
        await using var granary = await Starts(All, Cluster("three", """ "LoadBalancingPolicy": "FirstAlphabetical", """, failing, alive), ["--Granary:Fetch:RetryStatuses", "502;503"]);
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, "page", Outcome.Stored);
        failing.WasAsked("/page", 1);
    }

    [Fact]
    public async Task No_more_destinations_are_tried_than_configured()
    {
        var dead = Origin.Starts();
        await dead.DisposeAsync();
        await using var alive = Origin.Starts();
        await using var granary = await Starts(All, Cluster("three", """ "LoadBalancingPolicy": "FirstAlphabetical", """, dead, alive), ["--Granary:Fetch:Tries", "1"]);
        using var client = granary.Client();
        await client.Asks("/page").Fails(502, "connect", "connection_refused");
        alive.WasNotAsked("/page");
    }

    [Fact]
    public async Task A_cluster_without_destinations_answers_503_and_what_is_stored()
    {
        await using var granary = await Starts(All, """ "three": { "Destinations": { } } """);
        using var client = granary.Client();
        await client.Asks("/page").Fails(503, "connect", "destination_unavailable");
        await client.Sends("POST", "/page", [], "x").Fails(503, "connect", "destination_unavailable");
    }
}
