using System.Net;
using System.Text.Json.Nodes;
using Granary.Deploy.Tests.Chart;
using Granary.Deploy.Tests.Pods;
using Granary.Language;

namespace Granary.Deploy.Tests;

/// <summary>What the rendered pods run, as processes of this machine: Redis, three silos, two edges.</summary>
public sealed class PodsTests : IAsyncLifetime
{
    private const string Config = "/etc/granary/config";

    private readonly List<RunningPod> _running = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-chart-test-");
    private RedisServer? _standIn;
    private Case _case = new("defaults");
    private Namespace _namespace = null!;

    private IEnumerable<RunningPod> Edges => _running.Where(static pod => pod.Pod.Workload.Name == "granary-edge");

    private IEnumerable<RunningPod> Silos => _running.Where(static pod => pod.Pod.Workload.Name == "granary-silo");

    private string Token => _case.Secret(Case.Release, "admin-token");

    public Task InitializeAsync() => Task.CompletedTask;

    [Fact, Trait("Promise", "P1"), Trait("Promise", "P2")]
    public async Task The_pods_of_the_chart_are_a_cluster_that_passes_its_test_takes_a_new_route_and_ends_in_order()
    {
        await Installs("defaults");
        Assert.Equal((3, 2), (Silos.Count(), Edges.Count()));
        await PassesTheTest();
        await ShowsMetricsToWhoHasTheToken();
        await TakesANewRoute();
        await EndsInOrder();
    }

    [Fact, Trait("Promise", "P8")]
    public async Task With_TLS_towards_clients_and_among_members_they_pass_it_as_well()
    {
        await Installs("tls");
        await PassesTheTest();
        foreach (var edge in Edges)
        {
            Assert.Equal(308, (await edge.Gets("http", "/")).Status);
            Assert.InRange((await edge.Gets("https", "/cgi-bin/gone", $"{Case.Release}-test.{Case.Namespace}.invalid")).Status, 502, 503); // the origin of the test has ended
        }

        await EndsInOrder();
    }

    public async Task DisposeAsync()
    {
        foreach (var pod in _running) await pod.DisposeAsync();
        if (_standIn is not null) await _standIn.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task Installs(string name)
    {
        (_case, _namespace) = (new(name), new(new(name), edges: 2));
        if (!RedisServer.IsReal) _standIn = await RedisServer.Starts();
        else foreach (var redis in Starts("granary-redis")) await redis.Process.Says("Ready to accept connections");
        foreach (var pod in Starts("granary-silo").Concat(Starts("granary-edge"))) await pod.IsInService();
    }

    private RunningPod[] Starts(string workload)
    {
        var pods = _namespace.Of(workload).Select(pod => RunningPod.Starts(pod, _namespace, _standIn?.Address)).ToArray();
        _running.AddRange(pods);
        return pods;
    }

    private async Task PassesTheTest()
    {
        if (Busybox.Program is not null) await RunsTheScript();
        else if (_case.Name == "defaults") await SharesAFetchAndPurgesStrictly();
    }

    private async Task RunsTheScript()
    {
        var pod = _namespace.Of("granary-test").Single();
        var environment = _namespace.EnvironmentOf(pod);
        foreach (var (variable, port) in new[] { ("EDGE_PORT", _case.Name == "tls" ? "plain" : "http"), ("ADMIN_PORT", "admin") })
            environment[variable] = $"{Edges.First().Pod.Address[Edges.First().Pod.Ports[port]]}";
        Busybox.Finds(_folder.FullName, Edges.Select(static edge => edge.Pod.Address.IP));
        var script = Path.Combine(_folder.FullName, "script");
        await File.WriteAllTextAsync(script, _namespace.FilesOf(pod).Single().Content);

        var said = await Busybox.Runs(script, _folder.FullName, environment);

        Assert.Contains("share one fetch, and 5 purges were strict", said, StringComparison.Ordinal);
    }

    // Without busybox: the same, in short.
    private async Task SharesAFetchAndPurgesStrictly()
    {
        var pod = _namespace.Of("granary-test").Single();
        var host = _namespace.EnvironmentOf(pod)["HOST"];
        await using var origin = Origin.Starts(IPEndPoint.Parse(pod.At("origin")));
        origin.Answers("/cgi-bin/page", 200, ["Cache-Control: max-age=60"], "one");
        foreach (var edge in Edges) Assert.Equal((200, "one"), await edge.Gets("http", "/cgi-bin/page", host));
        origin.WasAsked("/cgi-bin/page", 1);

        origin.Answers("/cgi-bin/page", 200, ["Cache-Control: max-age=60"], "two");
        Assert.Equal(200, await Edges.First().Purges($$"""{ "url": "http://{{host}}/cgi-bin/page" }""", Token));
        foreach (var edge in Edges) Assert.Equal((200, "two"), await edge.Gets("http", "/cgi-bin/page", host));
        origin.WasAsked("/cgi-bin/page", 2);
    }

    private async Task ShowsMetricsToWhoHasTheToken()
    {
        Assert.Equal(401, (await Edges.First().Gets("admin", "/metrics")).Status);
        Assert.Contains("granary_requests_total{", (await Edges.First().Gets("admin", "/metrics", token: Token)).Content, StringComparison.Ordinal);
        Assert.Contains("granary_store_responses", (await Silos.First().Gets("admin", "/metrics", token: Token)).Content, StringComparison.Ordinal);
    }

    // What an upgrade with another origin does to running edges.
    private async Task TakesANewRoute()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/hello", 200, ["Cache-Control: max-age=60"], "hello");
        foreach (var edge in Edges)
        {
            Assert.Equal(404, (await edge.Gets("http", "/hello", "www.example.com")).Status);
            var file = JsonNode.Parse(_namespace.FilesOf(edge.Pod).Single().Content)!;
            file["ReverseProxy"]!["Routes"]!["origin"] = JsonNode.Parse("""{ "ClusterId": "origin", "Match": { "Path": "{**all}" } }""");
            file["ReverseProxy"]!["Clusters"]!["origin"] = JsonNode.Parse($$"""{ "Destinations": { "one": { "Address": "{{origin.Url}}" } } }""");
            edge.Write(Config, "granary.json", file.ToJsonString());
        }

        foreach (var edge in Edges) await Wait.Until(async () => (await edge.Gets("http", "/hello", "www.example.com")).Status == 200, $"{edge.Pod.Name} does not take the new route");
        origin.WasAsked("/hello", 1);
    }

    // One silo as in a roll, then all as when the release is deleted.
    private async Task EndsInOrder()
    {
        foreach (var pod in Silos.Take(1).Concat(Edges).Concat(Silos.Skip(1)).ToArray())
        {
            var grace = (int)pod.Pod.Workload.PodSpec!["terminationGracePeriodSeconds"]!;
            pod.Process.IsToldToStop();
            Assert.Equal(0, await pod.Process.Ends().WaitAsync(TimeSpan.FromSeconds(grace)));
        }
    }
}
