using Granary.Edge.Tests.Routing;
using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Loops;

[Trait("Fault", "50")]
public sealed class LoopTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Acts("/x", side => side.Answers(side.Request.Fields.Has("If-None-Match") ? 304 : 200, ["Cache-Control: max-age=1", "ETag: \"1\""], "ok"));
        _origin.Answers("/never", 200, ["Cache-Control: no-store"], "ok");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Fact, Trait("Spec", "RFC 8586 §2"), Trait("Kind", "required")]
    public async Task What_is_fetched_validated_and_passed_carries_the_mark_behind_those_of_others()
    {
        await using var granary = await OneProcess.Starts(_origin);
        using var client = granary.Client();
        await client.Asks("/x", "CDN-Loop: other.example; p=\"a, b\"", "Connection: CDN-Loop").Gets(200, "ok", Outcome.Stored);
        _origin.WasAsked("/x", "CDN-Loop: other.example; p=\"a, b\", granary");
        granary.Clock.Passes(2.Seconds());
        await client.Asks("/x").Gets(200, "ok", Outcome.Validated);
        _origin.WasAsked("/x", "CDN-Loop: granary");
        await client.Sends("POST", "/x", ["CDN-Loop: a", "CDN-Loop: b"], "x").Gets(200);
        _origin.WasAsked("/x", "CDN-Loop: a, b, granary");
        foreach (var _ in (int[])[1, 2]) await client.Asks("/never").Gets(200);
        _origin.WasAsked("/never", "CDN-Loop: granary");
    }

    [Theory, Trait("Spec", "RFC 8586 §2"), Trait("Kind", "required")]
    [InlineData("CDN-Loop: granary"), InlineData("CDN-Loop: a.example, GRANARY ; x=1 , b"), InlineData("cdn-loop: ,,granary"), InlineData("CDN-Loop: \", granary"), InlineData("Via: 1.1 granary")]
    public async Task A_request_that_has_been_here_goes_no_further(string field)
    {
        await using var granary = await OneProcess.Starts(_origin);
        using var client = granary.Client();
        await client.Asks("/x", field).Gets(508);
        await client.Sends("POST", "/x", [field], "x").Gets(508);
        _origin.WasNotAsked("/x");
    }

    [Theory, Trait("Spec", "RFC 8586 §2"), Trait("Kind", "check")]
    [InlineData(""), InlineData(","), InlineData("granary.example"), InlineData("granary:8080"), InlineData("x; y=granary"), InlineData("x; y=\"a, granary\""), InlineData("\"granary\""), InlineData("granary granary"), InlineData("\u00e4\"; , \\")]
    public async Task What_does_not_name_this_proxy_is_no_loop_however_odd(string value)
    {
        await using var granary = await OneProcess.Starts(_origin);
        using var client = granary.Client();
        await client.Asks("/x", $"CDN-Loop: {value}").Gets(200);
    }

    [Fact]
    public async Task A_proxy_that_is_its_own_origin_answers_at_the_first_turn()
    {
        await using var granary = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8"]);
        using var client = new Client(path => new Uri(granary.Url, path), proxy: new System.Net.WebProxy(granary.Url));
        await client.Asks("/x").Gets(508);
    }

    [Fact, Trait("Spec", "RFC 8586 §2"), Trait("Kind", "required")]
    public async Task No_transform_of_a_route_takes_the_mark_away()
    {
        await using var granary = await RoutedProcess.Starts(
            """ "all": { "ClusterId": "one", "Match": { "Path": "/{**rest}" }, "Transforms": [ { "RequestHeaderRemove": "CDN-Loop" }, { "RequestHeader": "X-Set", "Set": "1" } ] } """, Cluster("one", _origin));
        using var client = granary.Client();
        foreach (var method in (string[])["GET", "POST"])
        {
            await client.Sends(method, "/x", ["CDN-Loop: a"], method == "POST" ? "x" : null).Gets(200);
            _origin.WasAsked("/x", "CDN-Loop: a, granary", "X-Set: 1");
        }
    }
}
