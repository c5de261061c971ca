using Granary.Edge.Tests.Routing;
using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Rules;

public sealed class QueryTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Acts("/page", side => side.Answers(200, ["Cache-Control: max-age=60"], side.Request.Target));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private Task<RoutedProcess> Starts(string metadata) => RoutedProcess.Starts(
        $$"""{{""}}"all": { "ClusterId": "one", "Match": { "Path": "{**rest}" }, "Metadata": { {{metadata}} } }""", Cluster("one", _origin));

    [Fact]
    public async Task Order_and_what_makes_no_difference_are_no_part_of_the_key_nor_of_what_is_fetched()
    {
        await using var granary = await Starts(""" "Granary.QuerySort": "true", "Granary.QueryDrop": "utm_*, fbclid" """);
        using var client = granary.Client();
        await client.Asks("/page?b=2&utm_source=x&a=1&a=0").Gets(200, "/page?a=1&a=0&b=2", Outcome.Stored);
        foreach (var query in new[] { "a=1&a=0&b=2", "b=2&a=1&a=0", "a=1&fbclid&b=2&a=0", "&b=2&&a=1&a=0&utm_x=1&utm_=2" }) await client.Asks($"/page?{query}").Gets(200, "/page?a=1&a=0&b=2", Outcome.Hit);
        await client.Asks("/page?a=0&a=1&b=2").Gets(200, "/page?a=0&a=1&b=2", Outcome.Stored);
        await client.Asks("/page?utm_source=x").Gets(200, "/page", Outcome.Stored);
        await client.Asks("/page?").Gets(200, "/page", Outcome.Hit);
    }

    [Fact]
    public async Task Only_what_makes_a_difference_is_kept()
    {
        await using var granary = await Starts(""" "Granary.QueryKeep": "id, p_*", "Granary.QueryDrop": "p_x" """);
        using var client = granary.Client();
        await client.Asks("/page?x=1&id=5&p_x=1&p_y=2").Gets(200, "/page?id=5&p_y=2", Outcome.Stored);
        await client.Asks("/page?id=5&p_y=2&session=7").Gets(200, "/page?id=5&p_y=2", Outcome.Hit);
        await client.Asks("/page?p_y=2&id=5").Gets(200, "/page?p_y=2&id=5", Outcome.Stored);
    }

    [Fact]
    public async Task What_is_passed_goes_as_it_came()
    {
        _origin.Acts("/form", side => side.Answers(200, [], side.Request.Target));
        await using var granary = await Starts(""" "Granary.QuerySort": "true", "Granary.QueryDrop": "utm_*" """);
        using var client = granary.Client();
        await client.Sends("POST", "/form?b=2&utm_x=1&a=1", [], "x").Gets(200, "/form?b=2&utm_x=1&a=1");
    }

    [Theory, Trait("Promise", "P2")]
    [InlineData("PURGE")]
    [InlineData("POST")]
    [InlineData("admin")]
    public async Task Whoever_invalidates_the_URL_that_clients_ask_for_reaches_what_is_stored(string how)
    {
        await using var granary = await Starts(""" "Granary.QuerySort": "true", "Granary.QueryDrop": "utm_*" """);
        using var client = granary.Client();
        using var admin = new Client(path => new Uri(granary.Process.Admin, path));
        await client.Asks("/page?b=2&a=1").Gets(200, "/page?a=1&b=2", Outcome.Stored);
        foreach (var query in new[] { "b=2&utm_source=x&a=1", "a=1&b=2" })
        {
            if (how == "admin") await admin.Sends("POST", "/purge", ["Content-Type: application/json"], $$"""{"url":"{{granary.Process.Url}}page?{{query}}"}""").Gets(200);
            else await client.Sends(how, $"/page?{query}", [], how == "POST" ? "x" : null).Gets(200);
            await client.Asks("/page?b=2&a=1").Gets(200, "/page?a=1&b=2", Outcome.Stored);
        }
    }
}
