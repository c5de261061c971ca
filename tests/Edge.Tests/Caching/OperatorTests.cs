using Granary.Language;

namespace Granary.Edge.Tests.Caching;

/// <summary>What an operator may decide beside the law; all of it is off by default.</summary>
public sealed class OperatorTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private OneProcess _process = null!;
    private Client _client = null!;

    public async Task InitializeAsync()
    {
        _process = await OneProcess.Starts(_origin,
        [
            "--Granary:Freshness:DefaultLifetime", "60s", "--Granary:Freshness:ClientErrorLifetime", "10s", "--Granary:Freshness:ServerErrorLifetime", "5s",
            "--Granary:Cache:HonourRequestDirectives", "false", "--Granary:Cache:StripQueryParameters", "utm_*;fbclid", "--Granary:Cache:SetCookie", "Always",
            "--Granary:Cache:RememberEarlyHints", "true", "--Granary:Cache:PassSurrogateKeys", "true", "--Granary:Cache:Targets", "",
        ]);
        _client = _process.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory]
    [InlineData(200, 60)]
    [InlineData(301, 60)]
    [InlineData(404, 10)]
    [InlineData(451, 10)]
    [InlineData(503, 5)]
    public async Task A_response_about_which_the_origin_says_nothing_gets_the_configured_lifetime(int status, int seconds)
    {
        _origin.Answers("/a", status, [], "a");
        await _client.Asks("/a").Gets(status, "a", Outcome.Stored);
        (await _client.Asks("/a").Gets(status, "a", Outcome.Hit)).Has($"Cache-Status: granary; hit; ttl={seconds}");
        _process.Clock.Passes((seconds + 1).Seconds());
        await _client.Asks("/a").Gets(status, "a", Outcome.Stale);
    }

    [Theory]
    [InlineData(200, "Cache-Control: no-store", "")]
    [InlineData(404, "Cache-Control: private", "")]
    [InlineData(200, "Expires: 0", "")]
    [InlineData(401, "X: y", "")]
    [InlineData(302, "X: y", "")]
    [InlineData(200, "X: y", "Cookie: a=b")]
    [InlineData(200, "X: y", "Authorization: a")]
    public async Task What_the_origin_says_or_one_client_may_have_for_himself_stays_as_the_law_has_it(int status, string field, string requested)
    {
        string[] fields = requested.Length == 0 ? [] : [requested];
        _origin.Answers("/a", status, [field], "a");
        await _client.Asks("/a", fields).Gets(status, "a", Outcome.NotStored);
        await _client.Asks("/a", fields).Gets(status, "a", Outcome.NotStored);
        _origin.WasAsked("/a", 2);
    }

    [Theory]
    [InlineData("no-cache")]
    [InlineData("no-store")]
    [InlineData("max-age=0")]
    public async Task Clients_that_may_not_ask_for_freshness_get_what_is_stored(string directive)
    {
        _origin.Answers("/a", 200, ["Cache-Control: max-age=60"], "a");
        await _client.Asks("/a", $"Cache-Control: {directive}").Gets(200, "a", Outcome.Stored);
        await _client.Asks("/a", $"Cache-Control: {directive}", "Pragma: no-cache").Gets(200, "a", Outcome.Hit);
        await _client.Asks("/b", "Cache-Control: only-if-cached").Gets(504);
    }

    [Fact]
    public async Task Query_parameters_that_make_no_difference_are_no_part_of_the_key_nor_of_what_is_fetched()
    {
        _origin.Answers("/a", 200, ["Cache-Control: max-age=60"], "a");
        await _client.Asks("/a?utm_source=x&b=1&fbclid=2&c").Gets(200, "a", Outcome.Stored);
        await _client.Asks("/a?b=1&c&utm_medium").Gets(200, "a", Outcome.Hit);
        await _client.Asks("/a?c&b=1").Gets(200, "a", Outcome.Stored);
        await _client.Asks("/a?utm_source=x").Gets(200, "a", Outcome.Stored);
        await _client.Asks("/a").Gets(200, "a", Outcome.Hit);
        _origin.WasAsked("/a?b=1&c", 1);
        await _client.Sends("POST", "/a?utm_source=y", [], "x").Gets(200);
        await _client.Asks("/a").Gets(200, "a", Outcome.Stored);
    }

    [Fact, Trait("Spec", "RFC 9111 §7.3")]
    public async Task Set_Cookie_is_no_reason_not_to_store_where_the_operator_says_so()
    {
        _origin.Answers("/a", 200, ["Cache-Control: max-age=60", "Set-Cookie: a=b"], "a");
        await _client.Asks("/a").Gets(200, "a", Outcome.Stored);
        (await _client.Asks("/a").Gets(200, "a", Outcome.Hit)).Has("Set-Cookie: a=b");
    }

    [Fact, Trait("Spec", "RFC 9213 §2.2")]
    public async Task Without_targets_Cache_Control_decides_and_surrogate_keys_can_be_passed_on()
    {
        _origin.Answers("/a", 200, ["CDN-Cache-Control: max-age=600", "Cache-Control: max-age=6", "Surrogate-Key: k"], "a");
        await _client.Asks("/a").Gets(200, "a", Outcome.Stored);
        (await _client.Asks("/a").Gets(200, "a", Outcome.Hit)).Has("Surrogate-Key: k").Has("Cache-Status: granary; hit; ttl=6");
    }

    [Fact, Trait("Spec", "RFC 8297 §2"), Trait("Kind", "optimal")]
    public async Task Early_hints_are_remembered_and_sent_on_a_hit()
    {
        _origin.Acts("/a", side => side.Sends(
            "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\nHTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\n\r\na"));
        await _client.Asks("/a").Gets(200, "a");
        using var client = await RawClient.Connects(_process.Url);
        await client.Sends("GET /a HTTP/1.1\r\nHost: " + _process.Url.Authority + "\r\n\r\n");
        var hint = await client.ReadsHead();
        Assert.StartsWith("HTTP/1.1 103 ", hint, StringComparison.Ordinal);
        Assert.Contains("Link: </style>", hint, StringComparison.Ordinal);
        Assert.Contains("granary; hit", (await client.ReadsResponse()).Head, StringComparison.Ordinal);
        _origin.WasAsked("/a", 1);
    }
}
