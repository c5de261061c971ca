using Granary.Edge.Tests.Routing;
using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Hiding;

public sealed class MaintenanceTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/kept", 200, ["Cache-Control: max-age=60"], "ok");
        _origin.Answers("/never", 200, ["Cache-Control: no-store"], "ok");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private static async Task<string> Switch(OneProcess granary, string content, int status = 200)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(granary.Admin, "/maintenance"), new StringContent(content));
        Assert.Equal(status, (int)answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<string> Health(OneProcess granary)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(granary.Admin, "/health/ready"));
    }

    [Fact]
    public async Task While_it_is_on_what_is_stored_answers_and_the_origin_is_left_alone()
    {
        await using var granary = await OneProcess.Starts(_origin);
        using var client = granary.Client();
        await client.Asks("/kept").Gets(200, "ok", Outcome.Stored);
        await client.Asks("/never").Gets(200, "ok");
        Assert.Contains("\"on\":true", await Switch(granary, "{\"on\": true}"), StringComparison.Ordinal);
        Assert.Equal("ready\nmaintenance: on\n", await Health(granary));
        await client.Asks("/kept").Gets(200, "ok", Outcome.Hit);
        foreach (var asking in new[] { client.Asks("/never"), client.Asks("/new"), client.Sends("POST", "/kept", [], "x"), client.Asks("/kept", "Cache-Control: no-cache") })
            (await asking.Gets(503)).Has("Retry-After: 120").Has("Cache-Control: no-store").Has("Cache-Status: granary; detail=maintenance");
        _origin.WasAsked("/never", 1);
        _origin.WasAsked("/kept", 1);
        await client.Sends("PURGE", "/kept", []).Gets(200);
        await client.Asks("/kept").Gets(503);
        await Switch(granary, "{\"on\": null}");
        Assert.Equal("ready\n", await Health(granary));
        await client.Asks("/kept").Gets(200, "ok", Outcome.Stored);
    }

    [Fact]
    public async Task Routes_rest_with_and_without_transforms()
    {
        await using var granary = await RoutedProcess.Starts(
            """ "a": { "ClusterId": "one", "Match": { "Path": "/{**rest}" }, "Transforms": [ { "RequestHeader": "X-Set", "Set": "1" } ] } """, Cluster("one", _origin), ["--Granary:Maintenance:RetryAfter", "1h"]);
        using var client = granary.Client();
        await client.Asks("/kept").Gets(200, "ok", Outcome.Stored);
        await Switch(granary.Process, "{\"on\": true}");
        await client.Asks("/kept").Gets(200, "ok", Outcome.Hit);
        (await client.Asks("/never").Gets(503)).Has("Retry-After: 3600");
        (await client.Asks("/a%2fb").Gets(503)).Has("Retry-After: 3600");
        _origin.WasNotAsked("/never");
    }

    [Fact]
    public async Task Settings_may_say_that_nothing_is_served_and_who_is_excepted()
    {
        await using (var granary = await OneProcess.Starts(_origin, ["--Granary:Maintenance:On", "true", "--Granary:Maintenance:AnswerFromCache", "false"]))
        using (var client = granary.Client())
        {
            await client.Asks("/kept").Gets(503);
            await Switch(granary, "{\"on\": false}");
            await client.Asks("/kept").Gets(200, "ok", Outcome.Stored);
            await Switch(granary, "{\"on\": true}");
            await client.Asks("/kept").Gets(503);
        }

        await using (var granary = await OneProcess.Starts(_origin, ["--Granary:Maintenance:On", "true", "--Granary:Maintenance:Except", "127.0.0.0/8"]))
        using (var client = granary.Client())
            await client.Asks("/kept").Gets(200, "ok", Outcome.Stored);
    }

    [Theory]
    [InlineData(""), InlineData("{"), InlineData("true"), InlineData("{}"), InlineData("{\"on\":1}"), InlineData("{\"on\":true,\"off\":1}"), InlineData("[{\"on\":true}]")]
    public async Task A_call_that_cannot_be_understood_changes_nothing(string content)
    {
        await using var granary = await OneProcess.Starts(_origin);
        await Switch(granary, content, 400);
        Assert.Equal("ready\n", await Health(granary));
    }
}
