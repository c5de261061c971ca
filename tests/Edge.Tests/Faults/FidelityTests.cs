using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>What is odd but allowed passes as it came.</summary>
[Collection(FaultsCollection.Name)]
public sealed class FidelityTests(CachingWorld world) : FaultScene(world)
{
    public static TheoryData<int, Road> UnknownStatuses
    {
        get
        {
            var all = new TheoryData<int, Road>();
            foreach (var status in new[] { 299, 418, 499, 599, 600, 999 })
                foreach (var road in Roads) all.Add(status, road);
            return all;
        }
    }

    public static TheoryData<Road> EachRoad => [.. Roads];

    [Theory, MemberData(nameof(UnknownStatuses)), Trait("Spec", "RFC 9110 §15"), Trait("Kind", "required"), Trait("Fault", "41")]
    public async Task An_unknown_status_passes_with_its_content(int status, Road road)
    {
        await Acts(road, "/odd", side => side.Answers(status, [], "odd"));
        await Asks(road, "/odd").Gets(status, "odd");
    }

    [Theory, InlineData("GET"), InlineData("POST"), Trait("Spec", "RFC 9112 §4"), Trait("Kind", "optimal")]
    public async Task A_reason_phrase_passes_but_for_bytes_beyond_ASCII(string method)
    {
        Origin.Acts("/odd", side => side.Sends("HTTP/1.1 299 Très bien, \u00e0 la carte\r\nContent-Length: 2\r\nCache-Control: max-age=60\r\n\r\nok"));
        using var client = await RawClient.Connects(Process.Url);
        for (var i = 0; i < 2; i++)
        {
            await client.Sends($"{method} {Origin.Scene}/odd HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            var (head, content) = await client.ReadsResponse();
            Assert.StartsWith("HTTP/1.1 299 Tr?s bien, ? la carte\r\n", head, StringComparison.Ordinal);
            Assert.Equal("ok", content);
        }
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Spec", "RFC 9110 §5.5"), Trait("Kind", "required")]
    public async Task Bytes_beyond_ASCII_in_fields_pass_unchanged_both_ways(Road road)
    {
        await Acts(road, "/odd", side => side.Answers(200, ["Cache-Control: max-age=60", "ETag: \"\u00fc\u00ff\u0080\"", "X-Name: \u00c3\u00a9"], side.Request.Fields.First("X-Sent") ?? ""));
        for (var i = 0; i < 2; i++)
            (await Asks(road, "/odd", "X-Sent: \u00e4\u00f6\u00fc\u0080").Gets(200, "\u00e4\u00f6\u00fc\u0080")).Has("ETag: \"\u00fc\u00ff\u0080\"").Has("X-Name: \u00c3\u00a9");
        if (road is Road.Posted) return;
        Origin.Answers("/validated", 200, ["Cache-Control: max-age=60", "ETag: \"\u00fc\""], "x");
        await Client.Asks("/validated").Gets(200, "x");
        await Client.Asks("/validated", "If-None-Match: \"\u00fc\"").Gets(304, "", Outcome.Hit);
        Clock.Passes(61.Seconds());
        Origin.Answers("/validated", 304, ["Cache-Control: max-age=60", "ETag: \"\u00fc\""]);
        await Client.Asks("/validated").Gets(200, "x", Outcome.Validated);
        Origin.WasAsked("/validated", "If-None-Match: \"\u00fc\"");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Spec", "RFC 9110 §5.3"), Trait("Kind", "required")]
    public async Task Repeated_field_lines_keep_their_order(Road road)
    {
        string[] lines = ["X-Many: 1", "X-Many: 2, 3", "X-Other: a", "X-Many: 4", "Set-Cookie: a=1", "Set-Cookie: b=2", "Warning: 1", "Warning: 2"];
        await Acts(road, "/many", side => side.Answers(200, lines));
        var got = await Asks(road, "/many", "X-Asked: 1", "X-Asked: 2", "X-Asked: 3").Gets(200, "");
        got.Has("X-Many: 1, 2, 3, 4").Has("Set-Cookie: a=1, b=2").Has("Warning: 1, 2");
        Origin.WasAsked("/many", "X-Asked: 1, 2, 3");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Spec", "RFC 9110 §7.6.1"), Trait("Kind", "required")]
    public async Task Fields_of_one_connection_go_no_further_and_Via_is_added_both_ways(Road road)
    {
        await Acts(road, "/hop", side => side.Answers(200, ["Connection: X-Drop, close", "X-Drop: 1", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "Upgrade: h2c", "Via: 1.0 other", "X-Keep: 1"]));
        string[] ours = road is Road.FetchedForHttp2 ? [] : ["Connection: X-Mine", "TE: trailers", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive"];
        var got = await Asks(road, "/hop", [.. ours, "X-Mine: 1", "Via: 1.0 before", "Proxy-Authorization: Basic eA==", "X-Theirs: 1"]).Gets(200, "");
        got.HasNo("X-Drop").HasNo("Keep-Alive").HasNo("Proxy-Connection").HasNo("Upgrade").Has("X-Keep: 1").Has("Via: 1.0 other, 1.1 granary");
        Origin.WasAskedWithout("/hop", "TE", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Upgrade", "HTTP2-Settings");
        if (ours.Length > 0) Origin.WasAskedWithout("/hop", "X-Mine");
        Origin.WasAsked("/hop", "X-Theirs: 1", road is Road.FetchedForHttp2 ? "Via: 1.0 before, 2 granary" : "Via: 1.0 before, 1.1 granary");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Spec", "RFC 9112 §7.1.2"), Trait("Kind", "required")]
    public async Task Trailers_break_nothing(Road road)
    {
        await Acts(road, "/trailed", side => side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\nX-Sum: 1\r\n\r\n"));
        for (var i = 0; i < 2; i++) await Asks(road, "/trailed").Gets(200, "abcd");
        await IsWellAfter(Road.Posted, "/next");
    }

    [Theory, InlineData(204, "GET"), InlineData(204, "POST"), InlineData(205, "GET"), InlineData(205, "POST"), InlineData(304, "POST")]
    [Trait("Spec", "RFC 9110 §8.6"), Trait("Kind", "required")]
    public async Task A_length_where_there_is_no_content_does_no_harm(int status, string method)
    {
        Origin.Acts("/none", side => side.Sends($"HTTP/1.1 {status} None\r\nContent-Length: 0\r\nCache-Control: max-age=60\r\n\r\n"));
        for (var i = 0; i < 2; i++) await Client.Sends(method, "/none", [], method == "POST" ? "x" : null).Gets(status, "");
        Origin.Acts("/none", side => side.Sends($"HTTP/1.1 204 None\r\nContent-Length: 5\r\nCache-Control: max-age=60\r\n\r\n"));
        await Client.Sends("PUT", "/none", [], "x").Gets(204, "");
        await Client.Asks("/none").Gets(204, "");
        await Client.Asks("/none").Gets(204, "");
    }

    [Theory, InlineData("GET"), InlineData("POST"), Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "required"), Trait("Fault", "37")]
    public async Task A_103_of_the_origin_reaches_the_client_before_the_final_answer_and_an_unknown_1xx_does_no_harm(string method)
    {
        var answers = new TaskCompletionSource();
        Origin.Acts("/hinted", async side =>
        {
            await side.Sends("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nConnection: X\r\n\r\n");
            await answers.Task;
            await side.Sends("HTTP/1.1 199 Odd\r\n\r\n");
            await side.Answers(200, ["Cache-Control: max-age=60"], "final");
        });
        using var client = await RawClient.Connects(Process.Url);
        await client.Sends($"{method} {Origin.Scene}/hinted HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        var hint = await client.ReadsHead();
        Assert.StartsWith("HTTP/1.1 103 Early Hints\r\n", hint, StringComparison.Ordinal);
        Assert.Contains("Link: </style.css>; rel=preload\r\n", hint, StringComparison.Ordinal);
        answers.SetResult();
        var head = await client.ReadsHead();
        while (head.StartsWith("HTTP/1.1 1", StringComparison.Ordinal)) head = await client.ReadsHead();
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal("final", await client.Reads(5));
    }

    [Fact, Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "required")]
    public async Task A_1xx_is_not_sent_to_a_client_of_HTTP_1_0()
    {
        Origin.Acts("/hinted", async side =>
        {
            await side.Sends("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            await side.Answers(200, [], "final");
        });
        using var client = await RawClient.Connects(Process.Url);
        await client.Sends($"GET {Origin.Scene}/hinted HTTP/1.0\r\n\r\n");
        var all = await client.ReadsToEnd();
        Assert.StartsWith("HTTP/1.1 200 ", all, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nfinal", all, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false), Trait("Fault", "39")]
    public async Task Content_that_is_not_what_its_coding_says_passes_as_it_is(bool cut)
    {
        var gzip = cut ? "\u001f\u008b\u0008\0\0\0" : "this is no gzip";
        Origin.Answers("/zip", 200, ["Cache-Control: max-age=60", "Content-Encoding: gzip"], gzip);
        for (var i = 0; i < 2; i++) (await Client.Asks("/zip", "Accept-Encoding: gzip").Gets(200, gzip)).Has("Content-Encoding: gzip");
        (await Client.Sends("POST", "/zip", [], "x").Gets(200, gzip)).Has("Content-Encoding: gzip");
    }

    [Fact, Trait("Fault", "40")]
    public async Task A_304_without_our_validator_and_a_206_nobody_asked_for_are_never_stored_as_whole()
    {
        Origin.Answers("/unasked", 304, ["Cache-Control: max-age=60", "ETag: \"1\""]);
        await Client.Asks("/unasked").Fails(502, "head", "http_protocol_error");
        Origin.Answers("/unasked", 206, ["Cache-Control: max-age=60", "Content-Range: bytes 0-3/10"], "part");
        await Client.Asks("/unasked").Gets(206, "part", Outcome.NotStored);
        Origin.Answers("/unasked", 206, ["Cache-Control: max-age=60", "Content-Range: bytes 9-2/1"], "part");
        (await Client.Asks("/unasked", "Range: bytes=0-3").Gets()).Was(Outcome.NotStored);
        Origin.Answers("/unasked", 200, ["Cache-Control: max-age=60"], "the whole");
        await Client.Asks("/unasked").Gets(200, "the whole", Outcome.NotStored); // still remembered
        await Client.Asks("/unasked").Gets(200, "the whole", Outcome.Stored);
    }

    [Theory, Trait("Fault", "42")]
    [InlineData("Cache-Control: max-age=99999999999999999999", "Age: 99999999999999999999")]
    [InlineData("Expires: 0")]
    [InlineData("Expires: Thu, 99 Foo 99999 99:99:99 GMT", "Cache-Control: public")]
    [InlineData("Cache-Control: max-age=-1")]
    [InlineData("Cache-Control: max-age=abc")]
    [InlineData("Cache-Control: max-age=60", "Age: 100")]
    [InlineData("Expires: Fri, 31 Dec 9999 23:59:59 GMT", "Age: 99999999999")]
    public async Task Times_out_of_range_make_a_response_stale_never_immortal(params string[] fields)
    {
        Origin.Answers("/timeless", 200, fields, "x");
        await Client.Asks("/timeless").Gets(200, "x");
        var again = await Client.Asks("/timeless").Gets(200, "x");
        Assert.DoesNotContain("; hit", again.CacheStatus, StringComparison.Ordinal);
    }
}
