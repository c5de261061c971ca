using System.Diagnostics.Metrics;
using System.Net;
using Granary.Edge.Listening;
using Granary.Semantics.Framing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Listening;

public sealed class StrictHttp1Tests : IAsyncLifetime
{
    private const string Get = "GET /good HTTP/1.1\r\nHost: a\r\n\r\n";
    private GuardedServer _server = null!;

    public static TheoryData<string, int> BadHeads => new()
    {
        { "GET /bad HTTP/1.1\nHost: a\n\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nX: y\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\n\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nX y: z\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nX : z\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\n Host: a\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "GET /bad HTTP/1.1\r\n\r\n", 400 },
        { "GET  /bad HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /bad#x HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /bad\x80 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde", 400 },
        { "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nabcde", 400 },
        { "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400 },
        { "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400 },
        { "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400 },
        { "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400 },
        { "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501 },
        { "POST /bad HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { "GET /bad HTTP/1.2\r\nHost: a\r\n\r\n", 505 },
        { "GET /bad HTTP/3.0\r\nHost: a\r\n\r\n", 505 },
        { "GET /bad HTTP/1.1\r\nHost: a\r\nX: " + new string('x', 70_000) + "\r\n\r\n", 431 },
    };

    public static TheoryData<string> BadContents => new()
    {
        "x\r\n", "3\nabc\r\n", "3\r\nabcd\r\n", "3\r\nabc\n", "3;x\nabc\r\n", "3;x=\0\r\nabc\r\n", "-1\r\n", "0\n\r\n", "0\r\n\n", "0\r\nT: v\n\r\n", "0\r\nT: v\r\n\n", "0\r\nT : v\r\n\r\n",
        "0\r\nContent-Length: 3\r\n\r\n", "3;" + new string('x', 5000) + "\r\nabc\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFF\r\n", "1 \r\na\r\n0\r\n\r\n",
    };

    public async Task InitializeAsync() => _server = await GuardedServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory, MemberData(nameof(BadHeads)), Trait("Spec", "RFC 9112 §11.2"), Trait("Kind", "required")]
    public async Task Given_a_bad_head_behind_a_good_request_when_sent_then_the_good_one_is_answered_the_bad_refused_and_the_connection_closed(string bad, int status)
    {
        foreach (var dribble in bad.Length < 1000 ? [false, true] : new[] { false })
        {
            _server.Seen.Clear();
            var answer = await Exchange(Get + bad + Get, dribble);
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
            var refusal = answer[answer.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal)..];
            Assert.StartsWith($"HTTP/1.1 {status} ", refusal, StringComparison.Ordinal);
            Assert.Contains("Connection: close\r\n", refusal, StringComparison.Ordinal);
            Assert.Equal(2, Count(answer, "HTTP/1.1 "));
            Assert.Equal(["GET /good []"], _server.Seen);
        }

        Assert.DoesNotContain(_server.Log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Theory, MemberData(nameof(BadContents)), Trait("Spec", "RFC 9112 §7.1"), Trait("Kind", "required")]
    public async Task Given_bad_chunks_when_the_content_is_read_then_it_never_ends_cleanly_and_the_connection_closes(string chunks)
    {
        foreach (var path in new[] { "/post", "/started" })
        {
            _server.Seen.Clear();
            var answer = await Exchange($"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n{chunks}{Get}{Get}", dribble: chunks.Length < 100);
            Assert.Equal(1, Count(answer, "HTTP/1.1 "));
            Assert.StartsWith(path == "/started" ? "HTTP/1.1 200" : "HTTP/1.1 400", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
            Assert.StartsWith($"POST {path} broken", Assert.Single(_server.Seen), StringComparison.Ordinal);
        }
    }

    [Theory, InlineData(false), InlineData(true), Trait("Spec", "RFC 9112 §9.3"), Trait("Kind", "required")]
    public async Task Given_good_requests_in_a_row_when_sent_at_once_or_byte_by_byte_then_all_are_answered_in_order(bool dribble)
    {
        var answer = await Exchange(
            Get + "\r\nPOST /a?b HTTP/1.1\r\nHost: a:80\r\nContent-Length: 4\r\n\r\n\r\n\r\n"
            + "PUT /c HTTP/1.1\r\nhost: [::1]\r\nTRANSFER-encoding: CHUNKED\r\nX: \x80\r\n\r\n3;x=\"y\"\r\nabc\r\n0A;z\r\n0123456789\r\n0\r\nT: v\r\n\r\n"
            + "GET http://a/d HTTP/1.1\r\nHost: a\r\n\r\n" + "POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + new string('z', 20_000) + "GET /e HTTP/1.0\r\n\r\n", dribble);
        Assert.Equal(6, Count(answer, "HTTP/1.1 200 OK\r\n"));
        Assert.Equal(
            ["GET /good []", "POST /a?b [\r\n\r\n]", "PUT /c [abc0123456789]|T=v", "GET http://a/d []", $"POST /big [{new string('z', 20_000)}]", "GET /e []"],
            _server.Seen);
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_one_connection_when_a_thousand_requests_follow_each_other_then_all_are_answered()
    {
        using var client = await WireClient.Connect(_server.Address);
        for (var i = 0; i < 1000; i++)
        {
            await client.Send($"POST /n HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{i:000}"[..^(i > 999 ? 1 : 0)]);
            await client.ReadTo("POST ");
            await client.ReadTo("\r\n0\r\n\r\n");
        }

        Assert.Equal(1000, _server.Seen.Count);
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_content_larger_than_every_buffer_when_echoed_then_it_comes_back_whole()
    {
        using var client = await WireClient.Connect(_server.Address);
        var content = string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i:00000};"))[..2_000_000];
        var sending = client.Send($"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n{content}");
        var answer = await client.ReadToEnd();
        await sending;
        Assert.EndsWith(content, answer, StringComparison.Ordinal);
    }

    [Fact, Trait("Spec", "RFC 9110 §10.1.1"), Trait("Kind", "required")]
    public async Task Given_an_expectation_when_the_content_is_read_then_100_comes_before_the_answer()
    {
        using var client = await WireClient.Connect(_server.Address);
        await client.Send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadTo("\r\n\r\n"));
        await client.Send("abc");
        await client.ReadTo("POST abc");
    }

    [Theory, InlineData("/upgrade"), InlineData("/upgrade?hint"), Trait("Spec", "RFC 9110 §7.8"), Trait("Kind", "required")]
    public async Task Given_an_upgrade_when_101_is_sent_then_any_bytes_pass(string target)
    {
        using var client = await WireClient.Connect(_server.Address);
        await client.Send($"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
        Assert.Contains("101 Switching Protocols", await client.ReadTo("Upgrade: raw\r\n\r\n"), StringComparison.Ordinal);
        await client.Send("\n\0 GET / HTTP/9\n\n");
        await client.ReadTo("HTTP/9\n\n");
        await client.Send("\x01\x02 more", dribble: true);
        await client.ReadTo("more");
    }

    [Fact, Trait("Spec", "RFC 9110 §7.8"), Trait("Kind", "required")]
    public async Task Given_an_upgrade_that_is_not_granted_when_other_bytes_follow_then_they_are_held_to_be_a_request()
    {
        var answer = await Exchange("GET /plain HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n" + "GET / HTTP/1.1\nHost: a\n\n");
        Assert.Equal((1, 1), (Count(answer, "HTTP/1.1 200 "), Count(answer, "HTTP/1.1 400 ")));
        Assert.Equal(["GET /plain []"], _server.Seen);
    }

    [Fact, Trait("Spec", "RFC 9113 §3.3"), Trait("Kind", "required")]
    public async Task Given_http2_with_prior_knowledge_when_asked_then_the_guard_is_out_of_the_way()
    {
        await using var server = await GuardedServer.Start(HttpProtocols.Http2);
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var i = 0; i < 3; i++)
        {
            using var answer = await client.PostAsync(new Uri($"http://{server.Address}/two"), new StringContent(new string('x', 100_000)));
            Assert.Equal((HttpVersion.Version20, 100_005), (answer.Version, (await answer.Content.ReadAsStringAsync()).Length));
        }
    }

    [Theory, InlineData(""), InlineData("G"), InlineData("GET / HTTP/1.1\r\nHost: a\r\n"), InlineData("\r\n"), Trait("Kind", "check")]
    public async Task Given_a_client_that_leaves_in_its_head_when_it_closes_then_nothing_reaches_the_application(string sent)
    {
        await Exchange(sent, thenLeave: true);
        Assert.Empty(_server.Seen);
        Assert.DoesNotContain(_server.Log.Lines, line => line.Event == "RequestRefused");
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_a_head_that_does_not_go_on_when_the_time_for_heads_is_over_then_408_is_answered()
    {
        await using var server = await GuardedServer.Start(headTimeout: TimeSpan.FromMilliseconds(200));
        using var client = await WireClient.Connect(server.Address);
        await client.Send("G");
        Assert.StartsWith("HTTP/1.1 408 ", await client.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_a_refusal_when_it_is_reported_then_log_and_metric_name_the_violation_and_no_byte_of_the_client()
    {
        var counted = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "granary.requests.refused" && instrument.Meter.Scope == _server.Meters) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => { if (tags[0].Value is nameof(FramingViolation.FieldWithoutColon)) Interlocked.Add(ref counted, value); });
        listener.Start();
        var answer = await Exchange("GET /secret HTTP/1.1\r\nHost: a\r\nsecret\r\n\r\n");
        Assert.EndsWith("\r\n\r\nRequest refused: a field line has no colon.\n", answer, StringComparison.Ordinal);
        Assert.Equal(1, Interlocked.Read(ref counted));
        var line = Assert.Single(_server.Log.Lines, line => line.Event == "RequestRefused");
        Assert.Equal(LogLevel.Debug, line.Level);
        Assert.DoesNotContain(_server.Log.Lines, l => l.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_an_endless_head_when_it_passes_the_limit_then_431_is_answered()
    {
        using var client = await WireClient.Connect(_server.Address);
        var sending = client.Send("GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 300)));
        Assert.StartsWith("HTTP/1.1 431 ", await client.ReadToEnd(), StringComparison.Ordinal);
        await sending;
    }

    /// <summary>What was answered, once all that was seen and logged about it has been written down too.</summary>
    private async Task<string> Exchange(string sent, bool dribble = false, bool thenLeave = false)
    {
        var answer = await WireClient.Exchange(_server.Address, sent, dribble, thenLeave);
        await _server.IsQuiet();
        return answer;
    }

    internal static int Count(string text, string part) => text.Split(part).Length - 1;
}
