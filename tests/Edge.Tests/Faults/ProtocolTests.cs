using System.Net;
using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>Other protocols than plain HTTP/1.1 requests, and abuse of them.</summary>
[Collection(FaultsCollection.Name)]
public sealed class ProtocolTests(CachingWorld world) : FaultScene(world)
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    // (Indexed) :method GET, :scheme http, :path /, and :authority a as a literal.
    private const string RootRequest = "\u0082\u0086\u0084\u0001\u0001a";

    [Theory, InlineData("101 Switching Protocols"), InlineData("101 "), Trait("Spec", "RFC 9110 §7.8"), Trait("Kind", "required")]
    public async Task A_WebSocket_is_passed_both_ways_until_it_ends(string status)
    {
        Origin.Acts("/socket", async side =>
        {
            await side.Sends($"HTTP/1.1 {status}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\nhello");
            await side.Echoes("bye");
        });
        using var client = await RawClient.Connects(Process.Url);
        await client.Sends($"GET {Origin.Scene}/socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: y\r\nSec-WebSocket-Version: 13\r\n\r\n");
        var head = await client.ReadsHead();
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: websocket\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Sec-WebSocket-Accept: x\r\n", head, StringComparison.Ordinal);
        Origin.WasAsked("/socket", "Upgrade: websocket", "Sec-WebSocket-Key: y");
        Assert.Equal("hello", await client.Reads(5));
        foreach (var sent in new[] { "GET / HTTP/1.1\r\n\r\n", "\0\u00ff\u0001", new string('z', 100_000) })
        {
            await client.Sends(sent);
            Assert.Equal(sent, await client.Reads(sent.Length));
        }

        await client.Sends("bye");
        Assert.Equal("", await client.ReadsToEnd());
    }

    [Fact, Trait("Spec", "RFC 9110 §7.8"), Trait("Kind", "required")]
    public async Task An_origin_that_does_not_upgrade_is_passed_and_the_connection_goes_on()
    {
        Origin.Answers("/socket", 426, ["Upgrade: websocket", "Connection: Upgrade"], "no");
        Origin.Answers("/next", 200, [], "next");
        using var client = await RawClient.Connects(Process.Url);
        await client.Sends($"GET {Origin.Scene}/socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        var (head, content) = await client.ReadsResponse();
        Assert.StartsWith("HTTP/1.1 426 ", head, StringComparison.Ordinal);
        Assert.Equal("no", content);
        await client.Sends($"GET {Origin.Scene}/next HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("next", (await client.ReadsResponse()).Content);
    }

    [Fact, Trait("Spec", "RFC 9113 §3.3"), Trait("Kind", "required")]
    public async Task HTTP_2_by_prior_knowledge_misses_hits_and_posts()
    {
        using var http2 = ClientOf(HttpVersion.Version20);
        Origin.Acts("/item", side => side.Answers(200, ["Cache-Control: max-age=60"], side.Request.Method + side.Request.ContentText));
        await http2.Asks("/item").Gets(200, "GET", Outcome.Stored);
        await http2.Asks("/item").Gets(200, "GET", Outcome.Hit);
        await Client.Asks("/item").Gets(200, "GET", Outcome.Hit);
        await http2.Sends("POST", "/item", [], "content").Gets(200, "POSTcontent", Outcome.Method);
    }

    [Fact, Trait("Fault", "49")]
    public async Task Streams_reset_as_fast_as_they_are_opened_end_the_connection_and_harm_nobody_else()
    {
        using var client = await RawClient.Connects(Process.Url);
        await client.Sends(Preface + Frame(4, 0, 0, ""));
        for (var (stream, taken) = (1, true); taken && stream < 40_000; stream += 200)
            taken = await client.Sends(string.Concat(Enumerable.Range(0, 100).Select(i => Frame(1, 5, stream + 2 * i, RootRequest) + Frame(3, 0, stream + 2 * i, "\0\0\0\u0008"))));
        client.EndsSending();
        await client.ReadsToEnd();
        await Client.Asks("/after").Gets(404);
    }

    [Fact, Trait("Fault", "49")]
    public async Task A_head_of_endless_continuations_ends_the_connection()
    {
        using var client = await RawClient.Connects(Process.Url);
        await client.Sends(Preface + Frame(4, 0, 0, "") + Frame(1, 1, 1, RootRequest));
        var part = string.Concat(Enumerable.Repeat("\0\u0001x\u007f\u0081\0" + new string('v', 256), 60));
        var sent = 0;
        while (sent < 10_000 && await client.Sends(Frame(9, 0, 1, part))) sent++;
        Assert.InRange(sent, 0, 9_999);
        await Client.Asks("/after").Gets(404);
    }

    private static string Frame(int type, int flags, int stream, string payload) => new([
        (char)(payload.Length >> 16), (char)(payload.Length >> 8 & 255), (char)(payload.Length & 255), (char)type, (char)flags,
        (char)(stream >> 24), (char)(stream >> 16 & 255), (char)(stream >> 8 & 255), (char)(stream & 255), .. payload]);
}
