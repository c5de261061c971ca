using Granary.Edge.Hosting;
using Granary.Edge.Tests.Configuration;
using Granary.Language;
using Granary.Silo.Configuration;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Routing;

public sealed class ConfigurationTests
{
    private const string All = """ "all": { "ClusterId": "one", "Match": { "Path": "{**rest}" } } """;

    private static ConfigurationOutcome Read(string json)
    {
        using var file = ConfigFile.With(json);
        return GranaryConfiguration.Read(["--config", file.Path], new Dictionary<string, string?>(), EdgeHost.MistakesInRoutes);
    }

    [Fact]
    public async Task A_configuration_with_every_property_that_YARP_documents_is_taken_as_it_is()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/something/page", 200, ["Cache-Control: max-age=60"], "page");
        await using var granary = await StartsWith($$"""
            {
              // comments as YARP's documentation has them
              "Urls": "http://localhost:5000;https://localhost:5001",
              "Logging": { "LogLevel": { "Default": "Information", "Microsoft.Hosting.Lifetime": "Information" } },
              "AllowedHosts": "*",
              "ReverseProxy": {
                "Routes": {
                  "least": { "ClusterId": "least", "Order": 200, "Match": { "Path": "{**catch-all}" } },
                  "most": {
                    "ClusterId": "most", "Order": 100, "MaxRequestBodySize": 1000000, "AuthorizationPolicy": "Anonymous", "CorsPolicy": "Disable", "Timeout": "00:05:00",
                    "Match": {
                      "Path": "/something/{**remainder}", "Hosts": [ "www.aaaaa.example", "www.bbbbb.example" ], "Methods": [ "GET", "PUT" ],
                      "Headers": [ { "Name": "MyCustomHeader", "Values": [ "value1", "value2" ], "Mode": "ExactHeader", "IsCaseSensitive": true } ],
                      "QueryParameters": [ { "Name": "MyQueryParameter", "Values": [ "value1", "value2" ], "Mode": "Exact", "IsCaseSensitive": true } ]
                    },
                    "Metadata": { "MyName": "MyValue" },
                    "Transforms": [ { "RequestHeader": "MyHeader", "Set": "MyValue" } ]
                  }
                },
                "Clusters": {
                  "least": { "Destinations": { "example.org": { "Address": "http://www.example.org/" } } },
                  "most": {
                    "Destinations": { "first": { "Address": "{{origin.Url}}" }, "second": { "Address": "{{origin.Url}}/", "Health": "{{origin.Url}}/test" } },
                    "LoadBalancingPolicy": "PowerOfTwoChoices",
                    "SessionAffinity": {
                      "Enabled": true, "Policy": "Cookie", "FailurePolicy": "Redistribute", "AffinityKeyName": "Key1",
                      "Cookie": { "Domain": "localhost", "Expiration": "03:00:00", "HttpOnly": true, "IsEssential": true, "MaxAge": "1.00:00:00", "Path": "mypath", "SameSite": "Strict", "SecurePolicy": "Always" }
                    },
                    "HealthCheck": {
                      "Active": { "Enabled": "true", "Interval": "00:00:10", "Timeout": "00:00:10", "Policy": "ConsecutiveFailures", "Path": "/api/health", "Query": "?foo=bar" },
                      "Passive": { "Enabled": true, "Policy": "TransportFailureRate", "ReactivationPeriod": "00:00:10" }
                    },
                    "HttpClient": {
                      "SSLProtocols": [ "Tls13" ], "DangerousAcceptAnyServerCertificate": false, "MaxConnectionsPerServer": 1024, "EnableMultipleHttp2Connections": true,
                      "RequestHeaderEncoding": "Latin1", "ResponseHeaderEncoding": "Latin1"
                    },
                    "HttpRequest": { "ActivityTimeout": "00:02:00", "Version": "2", "VersionPolicy": "RequestVersionOrLower", "AllowResponseBuffering": "false" },
                    "Metadata": { "TransportFailureRateHealthPolicy.RateLimit": "0.5", "MyKey": "MyValue" }
                  }
                }
              }
            }
            """);
        using var client = granary.Client("www.aaaaa.example");
        foreach (var outcome in new[] { Outcome.Stored, Outcome.Hit }) await client.Asks("/something/page?MyQueryParameter=value1", "MyCustomHeader: value2").Gets(200, "page", outcome);
        origin.WasAsked("/something/page?MyQueryParameter=value1", "MyHeader: MyValue");
    }

    [Fact]
    public void Mistakes_are_told_all_at_once_with_key_and_remedy()
    {
        var mistaken = Assert.IsType<ConfigurationOutcome.Mistaken>(Read("""
            { "ReverseProxy": {
                "Routes": {
                  "a": { "ClusterId": "shoop", "Match": { "Path": "/a/{**rest}" } },
                  "b": { "ClusterId": "shop", "Order": "first", "Match": { "Path": "/b/{" }, "Metadata": { "Granary.Cache": "sometimes", "Granary.Lifetime": "5s" } },
                  "c": { "ClusterId": "shop", "Match": { "Path": "/c" }, "Metadata": { "Granary": { "Cache": "off" } }, "Transforms": [ { "PathPrefixx": "/x" } ] }
                },
                "Clusters": { "shop": { "LoadBalancingPolicy": "Fastest", "HttpRequest": { "ActivityTimeout": "30s" }, "Destinations": { "one": { "Address": "shop:80" } } } }
            } }
            """));
        string[] keys =
        [
            "ReverseProxy:Routes:a:ClusterId", "ReverseProxy:Routes:b:Order", "ReverseProxy:Routes:b", "ReverseProxy:Routes:b:Metadata:Granary.Cache", "ReverseProxy:Routes:b:Metadata:Granary.Lifetime",
            "ReverseProxy:Routes:c", "ReverseProxy:Routes:c:Metadata:Granary:Cache", "ReverseProxy:Clusters:shop:LoadBalancingPolicy", "ReverseProxy:Clusters:shop:HttpRequest:ActivityTimeout",
            "ReverseProxy:Clusters:shop:Destinations:one:Address",
        ];
        Assert.Equal(keys.Order(StringComparer.Ordinal), mistaken.Mistakes.Select(mistake => mistake.Key).Order(StringComparer.Ordinal));
        Assert.Contains("did you mean shop?", mistaken.Message, StringComparison.Ordinal);
        Assert.Contains("PowerOfTwoChoices", mistaken.Message, StringComparison.Ordinal);
        Assert.Contains("on or off", mistaken.Message, StringComparison.Ordinal);
        Assert.Contains("00:00:30", mistaken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_with_a_mistake_keeps_the_old_routes_and_says_so()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        using var logs = Logs.Begin();
        await using var granary = await Starts(All, Cluster("one", origin), logs: logs);
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, "page");
        granary.Becomes(""" "all": { "ClusterId": "two", "Match": { "Path": "{**rest}" } } """, Cluster("one", origin));
        Assert.Contains("ReverseProxy:Routes:all:ClusterId", (await logs.Tell("SettingsKept")).Text, StringComparison.Ordinal);
        await client.Asks("/page").Gets(200, "page");
    }

    [Theory]
    [InlineData("\"RouteId\": \"x\", \"ClusterId\": \"one\", \"Match\": { \"Path\": \"/a\" }")] // as YARP had it once
    [InlineData("\"ClusterId\": \"one\", \"Order\": 3000000000, \"Match\": { \"Path\": \"/a\" }")]
    [InlineData("\"ClusterId\": \"one\", \"Timeout\": \"\", \"Match\": { \"Path\": \"/a\" }")] // a variable that was not set
    public async Task What_YARP_cannot_read_at_all_is_a_mistake_at_start_and_keeps_the_old_routes_at_a_reload(string route)
    {
        var routes = $"\"a\": {{ {route} }}";
        Assert.IsType<ConfigurationOutcome.Mistaken>(Read(Section(routes, """ "one": { "Destinations": { "d": { "Address": "http://127.0.0.1:9" } } } """)));

        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        using var logs = Logs.Begin();
        await using var granary = await Starts(All, Cluster("one", origin), logs: logs);
        granary.Becomes(routes, Cluster("one", origin));
        Assert.Contains("ReverseProxy", (await logs.Tell("SettingsKept")).Text, StringComparison.Ordinal);
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, "page");
    }

    [Fact]
    public void What_a_transform_writes_is_in_no_message()
    {
        var mistaken = Assert.IsType<ConfigurationOutcome.Mistaken>(Read(Section(
            """ "a": { "ClusterId": "one", "Match": { "Path": "/b/{" }, "Transforms": [ { "RequestHeader": "Authorization", "Set": "Bearer sesame" } ] } """,
            """ "one": { "Destinations": { "d": { "Address": "http://127.0.0.1:9" } } } """)));
        Assert.DoesNotContain("sesame", mistaken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_are_reloaded_without_a_request_that_fails()
    {
        await using var one = Origin.Starts();
        await using var two = Origin.Starts();
        one.Answers("/page", 200, ["Cache-Control: no-store"], "one");
        two.Answers("/page", 200, ["Cache-Control: no-store"], "two");
        await using var granary = await Starts(All, Cluster("one", one));
        using var client = granary.Client();
        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!over.IsCancellationRequested) Assert.Contains((await client.Asks("/page").Gets(200)).Content, new[] { "one", "two" });
        }));
        for (var i = 0; i < 10; i++)
        {
            var (origin, name) = i % 2 == 0 ? (two, "two") : (one, "one");
            granary.Becomes(All, Cluster("one", origin));
            await client.Asks("/page").Gets(200, name);
        }

        await over.CancelAsync();
        await load;
    }

    [Fact]
    public async Task A_lifetime_of_a_route_holds_for_it_alone()
    {
        await using var origin = Origin.Starts();
        foreach (var path in new[] { "/short/page", "/page" }) origin.Answers(path, 200, [], "page");
        await using var granary = await Starts(
            $$"""{{""}}"short": { "ClusterId": "one", "Match": { "Path": "/short/{**rest}" }, "Metadata": { "Granary.DefaultLifetime": "10s" } }, {{All}}""", Cluster("one", origin));
        using var client = granary.Client();
        await client.Asks("/short/page").Gets(200, "page", Outcome.Stored);
        await client.Asks("/short/page").Gets(200, "page", Outcome.Hit);
        await client.Asks("/page").Gets(200, "page");
        await client.Asks("/page").Gets(200, "page", Outcome.NotStored);
    }

    [Fact]
    public async Task Directives_of_requests_can_be_ignored_on_one_route()
    {
        await using var origin = Origin.Starts();
        foreach (var path in new[] { "/calm/page", "/page" }) origin.Answers(path, 200, ["Cache-Control: max-age=60"], "page");
        await using var granary = await Starts(
            $$"""{{""}}"calm": { "ClusterId": "one", "Match": { "Path": "/calm/{**rest}" }, "Metadata": { "Granary.HonourRequestDirectives": "false" } }, {{All}}""", Cluster("one", origin));
        using var client = granary.Client();
        foreach (var path in new[] { "/calm/page", "/page" }) await client.Asks(path).Gets(200, "page", Outcome.Stored);
        await client.Asks("/calm/page", "Cache-Control: no-cache").Gets(200, "page", Outcome.Hit);
        await client.Asks("/page", "Cache-Control: no-cache").Gets(200, "page", Outcome.Request);
    }

    [Fact]
    public async Task Health_learned_from_fetches_shows_in_the_metrics()
    {
        await using var alive = Origin.Starts();
        var dead = Origin.Starts();
        await dead.DisposeAsync();
        for (var i = 0; i < 20; i++) alive.Answers($"/page-{i}", 200, ["Cache-Control: max-age=60"], "page");
        await using var granary = await Starts(All,
            Cluster("one", """ "LoadBalancingPolicy": "FirstAlphabetical", "HealthCheck": { "Passive": { "Enabled": true } }, "Metadata": { "TransportFailureRateHealthPolicy.RateLimit": "0.1" }, """, dead, alive),
            ["--Granary:Fetch:CircuitFailures", "0"]);
        using var client = granary.Client();
        for (var i = 0; i < 20; i++) await client.Asks($"/page-{i}").Gets(200, "page", Outcome.Stored);
        using var admin = new Client(path => new Uri(granary.Process.Admin, path));
        var metrics = (await admin.Asks("/metrics").Gets(200)).Content;
        Assert.True(metrics.Contains("granary_destinations", StringComparison.Ordinal), metrics);
        Assert.Matches("""granary_destinations\{[^}]*cluster="one"[^}]*\} 2\b""", metrics);
        Assert.Matches("""granary_destinations_available\{[^}]*cluster="one"[^}]*\} 1\b""", metrics);
    }
}
