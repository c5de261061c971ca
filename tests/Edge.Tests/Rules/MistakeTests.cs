using Granary.Edge.Hosting;
using Granary.Edge.Tests.Configuration;
using Granary.Edge.Tests.Routing;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Rules;

public sealed class MistakeTests
{
    private const string Clusters = """ "one": { "Destinations": { "d": { "Address": "http://127.0.0.1:9" } } } """;

    private static ConfigurationOutcome Read(string json)
    {
        using var file = ConfigFile.With(json);
        return GranaryConfiguration.Read(["--config", file.Path], new Dictionary<string, string?>(), EdgeHost.MistakesInRoutes);
    }

    [Fact]
    public void Mistakes_in_every_section_are_told_at_once_with_key_and_remedy()
    {
        var mistaken = Assert.IsType<ConfigurationOutcome.Mistaken>(Read($$"""
            {
              "Logging": { "LogLevel": { "Default": "Warnung" }, "Console": { "LogLevel": { "Granary": "loud" } } },
              "Granary": {
                "Fetch": { "HeadTimeout": "soon" },
                "Compression": { "Codings": "deflate", "Types": [ "text" ], "MinSise": "1KiB" },
                "RateLimits": [ { "Name": "api", "Permits": 0 }, { "Kind": "Leaky", "Permits": 5 } ],
                "Tcp": [ { "Listen": "22", "To": [ "a:22" ] } ]
              },
              "ReverseProxy": {
                "Routes": {
                  "a": { "ClusterId": "one", "Match": { "Path": "/a" }, "RateLimiterPolicy": "apu", "Metadata": { "Granary.Compression": "gzip", "Granary.QueryDrop": "*", "Granary.RateLimit": "none" } },
                  "b": { "ClusterId": "onee", "Match": { "Path": "/b" }, "RateLimiterPolicy": "api" }
                },
                "Clusters": { {{Clusters}} }
              },
              "Granery": { "Fetch": "x" }
            }
            """));
        string[] keys =
        [
            "Granary:Compression:Codings", "Granary:Compression:MinSise", "Granary:Compression:Types", "Granary:Fetch:HeadTimeout", "Granary:RateLimits:0:Permits", "Granary:RateLimits:1:Kind",
            "Granary:RateLimits:1:Name", "Granary:Tcp:0:Listen", "Granery:Fetch", "Logging:Console:LogLevel:Granary", "Logging:LogLevel:Default", "ReverseProxy:Routes:a:Metadata:Granary.Compression",
            "ReverseProxy:Routes:a:Metadata:Granary.QueryDrop", "ReverseProxy:Routes:a:Metadata:Granary.RateLimit", "ReverseProxy:Routes:a:RateLimiterPolicy", "ReverseProxy:Routes:b:ClusterId",
        ];
        Assert.Equal(keys, mistaken.Mistakes.Select(static mistake => mistake.Key).Order(StringComparer.Ordinal));
        Assert.All(mistaken.Mistakes, static mistake => Assert.NotEmpty(mistake.Allowed));
        foreach (var meant in new[] { "api", "Warning", "Granary:Compression:MinSize", "*:22", "one", "Granary" }) Assert.Contains($"did you mean {meant}", mistaken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" { "Name": "a", "Permits": 1 }, { "Name": "A", "Permits": 2 } """, "Granary:RateLimits:1:Name")]
    [InlineData(""" { "Name": "Disable", "Permits": 1 } """, "Granary:RateLimits:0:Name")]
    public void Limits_that_cannot_be_told_apart_are_a_mistake(string limits, string key) =>
        Assert.Equal([key], Assert.IsType<ConfigurationOutcome.Mistaken>(Read($$"""{ "Granary": { "RateLimits": [ {{limits}} ] } }""")).Mistakes.Select(static mistake => mistake.Key));

    [Theory]
    [InlineData(""" "Granary": { "Compression": { "MinSize": "much" } } """, "Granary:Compression:MinSize")]
    [InlineData(""" "Granary": { "RateLimits": [ { "Permits": 1 } ] } """, "Granary:RateLimits:0:Name")]
    [InlineData(""" "Granary": { "Tcp": [ { "Listen": "*:0" } ] } """, "Granary:Tcp:0:To")]
    [InlineData(""" "Granary": { "Access": { "AllowClients": "everybody" } } """, "Granary:Access:AllowClients")]
    [InlineData(""" "Logging": { "LogLevel": { "Default": "loud" } } """, "Logging:LogLevel:Default")]
    [InlineData(""" "Kestrell": { "x": 1 } """, "Kestrell:x")]
    [InlineData(""" "ReverseProxy": { "Routes": { "a": { "ClusterId": "one", "Match": { "Path": "/a" }, "RateLimiterPolicy": "gone" } }, "Clusters": { "one": { "Destinations": { "d": { "Address": "http://127.0.0.1:9" } } } } } """, "ReverseProxy:Routes:a:RateLimiterPolicy")]
    [InlineData(""" "ReverseProxy": { "Routes": { "a": { "ClusterId": "one", "Match": { "Path": "/a" }, "Metadata": { "Granary.QuerySort": "asc" } } }, "Clusters": { "one": { "Destinations": { "d": { "Address": "http://127.0.0.1:9" } } } } } """, "ReverseProxy:Routes:a:Metadata:Granary.QuerySort")]
    public async Task A_reload_with_a_mistake_in_any_section_keeps_all_and_says_so(string mistaken, string key)
    {
        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Content-Type: text/plain", "Cache-Control: max-age=60"], Decoding.Text(5000));
        string WithRest(string section) => section.Contains("ReverseProxy", StringComparison.Ordinal) ? $"{{ {section} }}" : $$"""{ {{section}}, "ReverseProxy": { "Routes": {}, "Clusters": {} } }""";
        using var logs = Logs.Begin();
        await using var granary = await RoutedProcess.StartsWith($$"""
            {
              "Granary": { "Compression": { "Enabled": true }, "RateLimits": [ { "Name": "gone", "Permits": 1000 } ] },
              "ReverseProxy": { "Routes": { "all": { "ClusterId": "one", "Match": { "Path": "{**rest}" }, "RateLimiterPolicy": "gone" } }, "Clusters": { "one": { "Destinations": { "d": { "Address": "{{origin.Url}}" } } } } }
            }
            """, logs: logs);
        var before = granary.Process.Services.GetRequiredService<SettingsSource>().Current;
        granary.BecomesAll(WithRest(mistaken));
        Assert.Contains(key, (await logs.Tell("SettingsKept")).Text, StringComparison.Ordinal);
        Assert.Same(before, granary.Process.Services.GetRequiredService<SettingsSource>().Current);
        using var client = granary.Client();
        (await client.Asks("/page", "Accept-Encoding: gzip").Gets(200)).IsCoded("gzip", Decoding.Text(5000));
    }

    [Fact]
    public async Task Compression_can_be_switched_on_for_a_route_and_off_again_while_it_runs()
    {
        await using var origin = Origin.Starts();
        var text = Decoding.Text(5000);
        origin.Answers("/page", 200, ["Content-Type: text/plain", "Cache-Control: max-age=60"], text);
        string Route(string says) => $$"""{{""}}"all": { "ClusterId": "one", "Match": { "Path": "{**rest}" }, "Metadata": { "Granary.Compression": "{{says}}" } }""";
        await using var granary = await RoutedProcess.Starts(Route("on"), RoutedProcess.Cluster("one", origin));
        using var client = granary.Client();
        for (var i = 0; i < 2; i++) (await client.Asks("/page", "Accept-Encoding: gzip").Gets(200)).IsCoded("gzip", text);
        granary.Becomes(Route("off"), RoutedProcess.Cluster("one", origin));
        (await client.Asks("/page", "Accept-Encoding: gzip").Gets(200, text)).HasNo("Vary");
    }

    [Fact]
    public async Task Transforms_of_a_route_leave_what_its_coding_needs()
    {
        await using var origin = Origin.Starts();
        var text = Decoding.Text(5000);
        origin.Answers("/page", 200, ["Content-Type: text/plain", "Cache-Control: max-age=60", "ETag: \"v1\""], text);
        await using var granary = await RoutedProcess.Starts("""
            "all": {
              "ClusterId": "one", "Match": { "Path": "{**rest}" }, "Metadata": { "Granary.Compression": "on" },
              "Transforms": [ { "RequestHeaderRemove": "Accept-Encoding" }, { "ResponseHeaderRemove": "Content-Encoding" }, { "ResponseHeader": "Vary", "Set": "Origin" }, { "ResponseHeader": "ETag", "Set": "\"mine\"" } ]
            }
            """, RoutedProcess.Cluster("one", origin));
        using var client = granary.Client();
        foreach (var outcome in new[] { Outcome.Stored, Outcome.Hit, Outcome.Hit })
            (await client.Asks("/page", "Accept-Encoding: gzip").Gets(200)).Was(outcome).IsCoded("gzip", text).Has("Vary: Origin, Accept-Encoding").Has("ETag: W/\"mine\"");
        origin.WasAskedWithout("/page", "Accept-Encoding");
        (await client.Asks("/page").Gets(200, text, Outcome.Hit)).Has("Vary: Origin, Accept-Encoding").HasNo("Content-Encoding");
    }
}
