using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>Slow, malformed and many clients. The server's own limits are by real time, so these are short.</summary>
public sealed class SlowClientTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private OneProcess _process = null!;
    private Client _client = null!;

    public async Task InitializeAsync()
    {
        _process = await OneProcess.Starts(_origin, ["--Granary:Client:HeadTimeout", "1s", "--Granary:Client:IdleTimeout", "1s", "--Granary:Client:MinRateGrace", "2s", "--Granary:Client:MinRate", "1000000"]);
        _client = _process.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Fault", "47"), Trait("Fault", "46")]
    public async Task Slow_heads_slow_contents_slow_readers_and_the_idle_are_cut()
    {
        _origin.Answers("/large", 200, ["Cache-Control: max-age=60"], new string('l', 10 << 20));
        _origin.Answers("/live", 200, ["Cache-Control: no-store"], new string('l', 10 << 20));
        _origin.Answers("/small", 200, ["Cache-Control: max-age=60"], "small");
        var all = await Task.WhenAll(
            Begins("GET / HT"),
            Begins("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nslow"),
            Begins($"GET /large HTTP/1.1\r\nHost: {_process.Url.Authority}\r\n\r\n"),
            Begins("GET /live HTTP/1.1\r\nHost: a\r\n\r\n"),
            Begins("POST /live HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
            Begins("GET /small HTTP/1.1\r\nHost: a\r\n\r\n"));
        await _process.HasClients(0, soFar: 6);
        await _process.FetchesEnd(new Uri(_process.Url, "/large").AbsoluteUri);
        Assert.DoesNotContain("HTTP/1.1 200", await all[0].ReadsToEnd(), StringComparison.Ordinal);
        foreach (var reader in all[2..5]) Assert.InRange((await reader.ReadsToEnd()).Length, 0, (10 << 20) - 1);
        Assert.EndsWith("small", await all[5].ReadsToEnd(), StringComparison.Ordinal);
        foreach (var one in all) one.Dispose();
        await _client.Asks("/large", "Range: bytes=10485750-").Gets(206, "llllllllll", Outcome.Hit); // a part: this client is held to the rate as well
    }

    [Fact, Trait("Fault", "46")]
    public async Task Two_thousand_who_say_nothing_do_not_keep_out_one_who_asks()
    {
        _origin.Answers("/small", 200, ["Cache-Control: max-age=60"], "small");
        var idle = await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => RawClient.Connects(_process.Url)));
        for (var i = 0; i < 10; i++) await _client.Asks("/small").Gets(200, "small");
        foreach (var one in idle) one.Dispose();
    }

    private async Task<RawClient> Begins(string sent)
    {
        var client = await RawClient.Connects(_process.Url, receives: 4096);
        await client.Sends(sent);
        return client;
    }
}

/// <summary>Requests that could be understood in two ways are refused and their connection ends.</summary>
[Collection(FaultsCollection.Name)]
public sealed class AmbiguousRequestTests(CachingWorld world) : FaultScene(world)
{
    [Theory, Trait("Fault", "45"), Trait("Spec", "RFC 9112 §11.2"), Trait("Kind", "required")]
    [InlineData("POST {0} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST {0} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde")]
    [InlineData("POST {0} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST {0} HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\nabcd")]
    [InlineData("GET {0} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET {0} HTTP/1.1\r\n\r\n")]
    [InlineData("GET {0} HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n")]
    [InlineData("GET {0} HTTP/1.1\nHost: a\n\n")]
    [InlineData("GET {0} HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n")]
    [InlineData("GET {0}\u0001 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET {0} HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n")]
    public async Task A_malformed_or_ambiguous_request_is_refused_and_nothing_of_it_is_forwarded(string request)
    {
        Origin.Answers("/target", 200, ["Cache-Control: max-age=60"], "x");
        using var client = await RawClient.Connects(Process.Url);
        await client.Sends(string.Format(System.Globalization.CultureInfo.InvariantCulture, request, Origin.Scene + "/target")
            + $"GET {Origin.Scene}/smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = await client.ReadsToEnd(); // it is closed
        Assert.Matches("^HTTP/1.1 (400|501) ", answer);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(answer, "HTTP/1.1 [2-5]"));
        Origin.WasNotAsked("/target");
        Origin.WasNotAsked("/smuggled");
    }

    [Theory, Trait("Fault", "45")]
    [InlineData("ffffffffffffffffff\r\n")]
    [InlineData("xyz\r\n")]
    [InlineData("4\r\nabcdefgh\r\n")]
    [InlineData("4;")]
    public async Task A_request_whose_chunks_turn_out_malformed_never_looks_whole_to_the_origin(string chunks)
    {
        using var client = await RawClient.Connects(Process.Url);
        await client.Sends($"POST {Origin.Scene}/target HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n{chunks}{(chunks == "4;" ? new string('e', 100_000) : "")}");
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadsToEnd(), StringComparison.Ordinal);
        Origin.WasNotAsked("/target");
        await IsWellAfter(Road.Posted, "/target");
    }
}
