using Granary.Edge.Tests.Routing;
using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Hiding;

public sealed class FieldRuleTests : IAsyncLifetime
{
    private static readonly string[] Rules =
    [
        "--Granary:RequestFields:0:Name", "X-Env", "--Granary:RequestFields:0:Value", "blue, green",
        "--Granary:RequestFields:1:Name", "Cookie", "--Granary:RequestFields:1:Do", "Remove",
        "--Granary:RequestFields:2:Name", "X-Tag", "--Granary:RequestFields:2:Do", "Add", "--Granary:RequestFields:2:Value", "ours",
        "--Granary:ResponseFields:0:Name", "Server", "--Granary:ResponseFields:0:Value", "shop",
        "--Granary:ResponseFields:1:Name", "X-Frame-Options", "--Granary:ResponseFields:1:Value", "DENY",
        "--Granary:ResponseFields:2:Name", "X-Debug", "--Granary:ResponseFields:2:Do", "Remove",
    ];

    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/x", 200, ["Cache-Control: max-age=60", "Server: nginx/1", "X-Debug: 1", "X-Frame-Options: ALLOW", "ETag: \"1\"", "Vary: X-Env"], "ok");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private async Task HoldFor(Client client)
    {
        foreach (var (method, status) in new[] { ("GET", 200), ("GET", 200), ("POST", 200) })
        {
            var got = await client.Sends(method, "/x", ["Cookie: a=b", "X-Tag: theirs", "X-Env: red"], method == "POST" ? "x" : null).Gets(status, "ok");
            got.Has("Server: shop").Has("X-Frame-Options: DENY").HasNo("X-Debug");
            _origin.WasAsked("/x", "X-Env: blue, green", "X-Tag: theirs, ours");
            _origin.WasAskedWithout("/x", "Cookie");
        }

        (await client.Asks("/x", "If-None-Match: \"1\"").Gets(304)).Has("X-Frame-Options: DENY").HasNo("X-Debug");
    }

    [Fact]
    public async Task Rules_hold_for_what_is_stored_and_for_what_is_passed_without_any_route()
    {
        await using var granary = await OneProcess.Starts(_origin, Rules);
        using var client = granary.Client();
        await HoldFor(client);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" , "Transforms": [ { "RequestHeader": "X-Other", "Set": "1" }, { "ResponseHeader": "X-Seen", "Set": "1" } ] """)]
    public async Task Rules_hold_for_routes_with_and_without_transforms_of_their_own(string transforms)
    {
        await using var granary = await RoutedProcess.Starts($$"""{{""}}"all": { "ClusterId": "one", "Match": { "Path": "/{**rest}" } {{transforms}} }""", Cluster("one", _origin), Rules);
        using var client = granary.Client();
        await HoldFor(client);
    }

    [Theory]
    [InlineData("Content-Length"), InlineData("transfer-encoding"), InlineData("Via"), InlineData("CDN-Loop"), InlineData("Host"), InlineData("If-None-Match"), InlineData("a b"), InlineData("")]
    public async Task Fields_that_are_not_for_rules_are_a_mistake(string name)
    {
        var mistake = await Assert.ThrowsAsync<ArgumentException>(() => OneProcess.Starts(null, ["--Granary:RequestFields:0:Name", name, "--Granary:RequestFields:0:Value", "x"]));
        Assert.Contains("Granary:RequestFields:0:Name", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_would_begin_another_line_or_that_is_missing_is_a_mistake()
    {
        foreach (var more in (string[][])[["--Granary:ResponseFields:0:Value", "a\r\nSet-Cookie: b"], [], ["--Granary:ResponseFields:0:Do", "Remove", "--Granary:ResponseFields:0:Value", "x"]])
        {
            var mistake = await Assert.ThrowsAsync<ArgumentException>(() => OneProcess.Starts(null, ["--Granary:ResponseFields:0:Name", "X-A", .. more]));
            Assert.Contains("Granary:ResponseFields:0:Value", mistake.Message, StringComparison.Ordinal);
        }
    }
}
