using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>Edges have routes, silos fetch: what a silo must know travels with the question.</summary>
[Collection(Processes.Name)]
public sealed class RouteScenarios : IAsyncLifetime
{
    private const string Site = "Host: site.example";

    private readonly Origin _one = Origin.Starts();
    private readonly Origin _two = Origin.Starts();
    private Language.Cluster _cluster = null!;
    private EdgeProcess _edge = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Language.Cluster.Empty(_one);
        await Task.WhenAll(_cluster.SiloStarts(), _cluster.SiloStarts());
        _edge = await EdgeProcess.Starts(
        [
            "--redis", _cluster.Redis.Address,
            "--ReverseProxy:Routes:tenant:ClusterId", "tenant", "--ReverseProxy:Routes:tenant:Match:Path", "/shop/{**rest}",
            "--ReverseProxy:Routes:tenant:Match:Headers:0:Name", "X-Tenant", "--ReverseProxy:Routes:tenant:Match:Headers:0:Values:0", "two",
            "--ReverseProxy:Routes:all:ClusterId", "both", "--ReverseProxy:Routes:all:Match:Path", "/shop/{**rest}", "--ReverseProxy:Routes:all:Order", "100",
            "--ReverseProxy:Routes:all:Transforms:0:PathRemovePrefix", "/shop",
            "--ReverseProxy:Routes:all:Transforms:1:RequestHeader", "X-Route", "--ReverseProxy:Routes:all:Transforms:1:Set", "all",
            "--ReverseProxy:Clusters:tenant:Destinations:two:Address", _two.Url,
            "--ReverseProxy:Clusters:both:LoadBalancingPolicy", "FirstAlphabetical",
            "--ReverseProxy:Clusters:both:Destinations:one:Address", _one.Url, "--ReverseProxy:Clusters:both:Destinations:two:Address", _two.Url,
        ]);
        await _cluster.IsReady();
        await _edge.Health.IsReady();
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _cluster.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task A_silo_fetches_as_the_route_says_and_from_the_next_destination_when_one_is_gone()
    {
        const int Pages = 20;
        foreach (var origin in new[] { _one, _two })
        {
            for (var i = 0; i < Pages; i++) origin.Acts($"/page-{i}", side => side.Answers(200, ["Cache-Control: max-age=600"], side.Request.Fields.First("X-Route") ?? "none"));
            origin.Answers("/shop/page-0", 200, ["Cache-Control: max-age=600"], "tenant");
        }

        using var client = _edge.Client();
        await client.Asks("/shop/page-0", Site).Gets(200, "all");
        _one.WasAsked("/page-0", "X-Forwarded-Host: site.example", "X-Route: all");
        await client.Asks("/shop/page-0", Site, "X-Tenant: two").Gets(200, "tenant");
        await client.Asks("/shop/page-0", Site).Gets(200, "all", Outcome.Hit);
        await client.Sends("POST", "/shop/page-0", [Site], "x").Gets(200, "all");
        await client.Asks("/shop/page-0", Site, "X-Tenant: two").Gets(200, "tenant", Outcome.Stored);

        await _one.DisposeAsync();
        for (var i = 0; i < Pages; i++) await client.Asks($"/shop/page-{i}", Site).Gets(200, "all");
    }

    [Fact]
    public async Task What_silos_and_leased_copies_answer_names_what_each_client_has_asked_for()
    {
        foreach (var origin in new[] { _one, _two }) origin.Answers("/from", 301, ["Cache-Control: max-age=600", $"Location: {_two.Url}/to", "Server: secret/1"]);
        using var client = _edge.Client();
        for (var i = 0; i < 8; i++)
            foreach (var host in (string[])["site.example", "other.example:8443"])
                (await client.Asks("/shop/from", $"Host: {host}").Gets(301)).Has($"Location: http://{host}/shop/to").HasNo("Server");
        Assert.Equal(2, _one.Requests("/from").Count + _two.Requests("/from").Count);
        Assert.All(_one.Requests("/from"), request => Assert.Equal("granary", request.Fields.Combined("CDN-Loop")));
    }
}
