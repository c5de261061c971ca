using System.Collections.Concurrent;
using System.Text;
using Granary.Grains.Origin.Wire;
using Granary.Semantics.Framing;
using static Granary.Semantics.Framing.FramingViolation;

namespace Granary.Grains.Tests.Origin.Wire;

public sealed class OriginConnectionTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    public static TheoryData<string, FramingViolation> Bad => new()
    {
        { "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", LoneLineFeed },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok", LoneLineFeed },
        { "HTTP/1.1 200 OK\r\nX: y\r\n z\r\nContent-Length: 2\r\n\r\nok", ObsoleteLineFolding },
        { "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 2\r\n\r\nok", WhitespaceBeforeColon },
        { "HTTP/1.1 200 OK\r\nX: \x01\r\nContent-Length: 2\r\n\r\nok", ControlByteInFieldValue },
        { "HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nok", StatusLineNotValid },
        { "HTTP/1.1 99 x\r\nContent-Length: 2\r\n\r\nok", StatusLineNotValid },
        { "HTTP/1.1 000 x\r\nContent-Length: 2\r\n\r\nok", StatusOutOfRange },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", SeveralContentLengths },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", SeveralContentLengths },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", SeveralContentLengths },
        { "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", ContentLengthNotDigits },
        { "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok", ContentLengthNotDigits },
        { "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok", ContentLengthTooLarge },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", LengthWithTransferCoding },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", UnknownTransferCoding },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: nonsense\r\n\r\nok", UnknownTransferCoding },
        { "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", TransferCodingOnHttp10 },
        { "HTTP/1.1 200 OK\r\nX: " + new string('x', 200_000) + "\r\n\r\n", HeadTooLarge },
        { "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 3000)) + "\r\n", TooManyFields },
        { string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000)) + Ok, TooManyInterimResponses },
        { string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 1000)) + Ok, TooManyInterimResponses },
        { "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + Ok, UnaskedSwitchingProtocols },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n", BadChunkSize },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\r\n0\r\n\r\n", LoneLineFeed },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n", BadChunkEnd },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;" + new string('x', 100_000) + "\r\nok\r\n0\r\n\r\n", ChunkExtensionTooLong },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: " + new string('x', 100_000) + "\r\n\r\n", TrailersTooLarge },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nContent-Length: 5\r\n\r\n", TrailerForbidden },
    };

    public static TheoryData<string, string, string> Good => new()
    {
        { "GET", Ok, "200 ok" },
        { "POST", "HTTP/1.1 201\r\nContent-Length: 2\r\n\r\nok", "201 ok" },
        { "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok", "200 ok" },
        { "GET", "HTTP/1.1 200 Tr\xe8s\r\nX: \x80\xff\r\nTransfer-Encoding: Chunked\r\n\r\n1 ;x=\"y\"\r\no\r\n1\r\nk\r\n0\r\nT: v\r\n\r\n", "200 ok" },
        { "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", "200 " },
        { "GET", "HTTP/1.1 204 No Content\r\n\r\n", "204 " },
        { "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n", "304 " },
        { "GET", "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok", "999 ok" },
        { "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 199 Odd\r\n\r\n" + Ok, "200 ok" },
    };

    [Theory, MemberData(nameof(Bad)), Trait("Spec", "RFC 9112 §6.3"), Trait("Kind", "required")]
    public async Task Given_a_malformed_response_when_asked_then_the_request_fails_by_name_and_the_next_gets_a_new_connection(string answer, FramingViolation violation)
    {
        using var origin = new ScriptedOrigin();
        using var client = new OriginClient(origin);
        origin.Answers(answer, Ok);
        Assert.Equal(violation, await client.IsRefused());
        Assert.Equal("200 ok", await client.Asks());
        Assert.Equal(2, origin.Connections);
    }

    [Theory, MemberData(nameof(Good)), Trait("Spec", "RFC 9112 §9.3"), Trait("Kind", "required")]
    public async Task Given_good_responses_when_asked_again_and_again_then_one_connection_serves_all(string method, string answer, string expected)
    {
        foreach (var dribbles in new[] { false, true })
        {
            using var origin = new ScriptedOrigin(dribbles);
            using var client = new OriginClient(origin);
            origin.Answers(answer, Ok, answer, answer);
            Assert.Equal(expected, await client.Asks(method));
            Assert.Equal("200 ok", await client.Asks());
            Assert.Equal(expected, await client.Asks(method));
            Assert.Equal(expected, await client.Asks(method));
            Assert.Equal(1, origin.Connections);
        }
    }

    [Theory, Trait("Spec", "RFC 9112 §11.1"), Trait("Kind", "required")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA", "200 ok")]
    [InlineData("GET", Ok + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison", "200 ok")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison", "200 ok")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\npoison", "204 ")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\n\r\npoison", "304 ")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison", "200 ")]
    public async Task Given_bytes_behind_a_response_when_the_next_request_goes_out_then_it_gets_a_new_connection_and_its_own_answer(string method, string answer, string expected)
    {
        using var origin = new ScriptedOrigin();
        using var client = new OriginClient(origin);
        for (var i = 0; i < 5; i++)
        {
            origin.Answers(answer, Ok);
            Assert.Equal(expected, await client.Asks(method));
            Assert.Equal("200 ok", await client.Asks());
            origin.Answers(Ok + ScriptedOrigin.Close);
            Assert.Equal("200 ok", await client.Asks());
        }
    }

    [Theory, Trait("Spec", "RFC 9112 §8"), Trait("Kind", "required")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX: y")]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\n")]
    public async Task Given_a_response_cut_short_when_the_origin_closes_then_it_fails_and_is_not_said_to_be_complete(string answer)
    {
        using var origin = new ScriptedOrigin();
        using var client = new OriginClient(origin);
        origin.Answers(answer + ScriptedOrigin.Close, answer + ScriptedOrigin.Close);
        var exchange = new OriginExchange();
        await Assert.ThrowsAnyAsync<Exception>(() => client.Asks("POST", exchange));
        Assert.False(exchange.IsComplete);
    }

    [Fact, Trait("Spec", "RFC 9112 §6.3"), Trait("Kind", "required")]
    public async Task Given_content_that_only_the_close_delimits_when_read_then_the_caller_learns_both()
    {
        using var origin = new ScriptedOrigin();
        using var client = new OriginClient(origin);
        origin.Answers("HTTP/1.1 200 OK\r\n\r\nok\n" + ScriptedOrigin.Close, Ok, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        Assert.Equal((ContentDelimiter.Close, true), await After());
        Assert.Equal((ContentDelimiter.Length, true), await After());
        Assert.Equal((ContentDelimiter.Chunked, true), await After());

        async Task<(ContentDelimiter, bool)> After()
        {
            var exchange = new OriginExchange();
            await client.Asks("GET", exchange);
            return (exchange.DelimitedBy, exchange.IsComplete);
        }
    }

    [Fact, Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "required")]
    public async Task Given_interim_responses_when_asked_then_each_exchange_hears_of_its_own_but_not_of_100()
    {
        using var origin = new ScriptedOrigin(dribbles: true);
        using var client = new OriginClient(origin);
        for (var i = 0; i < 3; i++)
        {
            var heard = new ConcurrentQueue<string>();
            var exchange = new OriginExchange { OnInterim = (status, fields) => heard.Enqueue($"{status} {fields}") };
            origin.Answers($"HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink:  </{i}> \r\nX:\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + Ok, Ok);
            Assert.Equal("200 ok", await client.Asks("GET", exchange));
            Assert.Equal("200 ok", await client.Asks("GET"));
            Assert.Equal([$"103 Link: </{i}>\nX: ", "102 "], heard);
        }

        Assert.Equal(1, origin.Connections);
    }

    [Fact, Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "check")]
    public async Task Given_requests_at_the_same_time_when_they_wait_for_connections_then_no_exchange_hears_of_another()
    {
        using var origin = new ScriptedOrigin();
        using var client = new OriginClient(origin);
        origin.Answers([.. Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Ok, 200)]);
        var heard = new int[200];
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
            client.Asks("GET", new OriginExchange { OnInterim = (_, _) => Interlocked.Increment(ref heard[i]) }))));
        Assert.All(heard, count => Assert.Equal(1, count));
    }

    [Fact, Trait("Spec", "RFC 9110 §7.8"), Trait("Kind", "required")]
    public async Task Given_an_upgrade_that_was_asked_for_when_granted_then_any_bytes_pass_both_ways()
    {
        using var origin = new ScriptedOrigin();
        using var client = new OriginClient(origin);
        origin.Answers("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
        using var answer = await client.Send("GET", with: request =>
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.ParseAdd("raw");
        });
        await using var stream = await answer.Content.ReadAsStreamAsync();
        foreach (var message in new[] { "\n\0HTTP/1.1 200\n\n", "GET / HTTP/1.1\r\n\r\n\x01" })
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(message));
            var echo = new byte[message.Length];
            await stream.ReadExactlyAsync(echo);
            Assert.Equal(message, Encoding.Latin1.GetString(echo));
        }
    }

    [Fact, Trait("Spec", "RFC 9112 §9.3"), Trait("Kind", "check")]
    public async Task Given_a_head_larger_than_the_writer_s_buffer_when_asked_then_it_is_followed_across_its_pieces()
    {
        using var origin = new ScriptedOrigin();
        using var client = new OriginClient(origin);
        origin.Answers(Ok, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.Send(i == 0 ? "GET" : "HEAD", with: request => request.Headers.Add("X-Long", new string('x', 20_000)));
            Assert.Equal(200, (int)answer.StatusCode);
        }

        Assert.Equal(1, origin.Connections);
    }

    [Fact, Trait("Spec", "RFC 9112 §9.3"), Trait("Kind", "check")]
    public async Task Given_an_answer_larger_than_every_buffer_when_read_then_it_comes_whole()
    {
        using var origin = new ScriptedOrigin();
        using var client = new OriginClient(origin);
        var content = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i:00000};"));
        origin.Answers($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n\r\n{content}", $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{content.Length:x}\r\n{content}\r\n0\r\n\r\n");
        Assert.Equal("200 " + content, await client.Asks());
        Assert.Equal("200 " + content, await client.Asks());
        Assert.Equal(1, origin.Connections);
    }
}
