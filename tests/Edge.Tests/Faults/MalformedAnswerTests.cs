using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>What an origin may not send, and what then must not reach anybody.</summary>
[Collection(FaultsCollection.Name)]
public sealed class MalformedAnswerTests(CachingWorld world) : FaultScene(world)
{
    private const string Fresh = "Cache-Control: max-age=60\r\n";
    private const string Chunked = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// <summary>Answers whose head or framing is refused: the client gets 502 and the word of the fault.</summary>
    private static readonly Dictionary<string, string> RefusedHeadsByName = new()
    {
        ["both lengths"] = $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        ["doubled length"] = $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        ["negative length"] = $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: -4\r\n\r\nabcd",
        ["huge length"] = $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: 99999999999999999999\r\n\r\nabcd",
        ["unknown coding"] = $"HTTP/1.1 200 OK\r\n{Fresh}Transfer-Encoding: gzip\r\n\r\nabcd",
        ["coding behind chunked"] = $"HTTP/1.1 200 OK\r\n{Fresh}Transfer-Encoding: chunked, identity\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        ["chunked in HTTP/1.0"] = $"HTTP/1.0 200 OK\r\n{Fresh}Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        ["no HTTP"] = "SSH-2.0-OpenSSH_9.6\r\n",
        ["status 99"] = $"HTTP/1.1 99 Low\r\n{Fresh}Content-Length: 4\r\n\r\nabcd",
        ["status 099"] = $"HTTP/1.1 099 Low\r\n{Fresh}Content-Length: 4\r\n\r\nabcd",
        ["status 1000"] = $"HTTP/1.1 1000 High\r\n{Fresh}Content-Length: 4\r\n\r\nabcd",
        ["control byte in the reason"] = $"HTTP/1.1 200 O\u0001K\r\n{Fresh}Content-Length: 4\r\n\r\nabcd",
        ["NUL in a value"] = $"HTTP/1.1 200 OK\r\n{Fresh}X-A: b\0c\r\nContent-Length: 4\r\n\r\nabcd",
        ["bare CR in a value"] = $"HTTP/1.1 200 OK\r\n{Fresh}X-A: b\rX-B: c\r\nContent-Length: 4\r\n\r\nabcd",
        ["blank in a name"] = $"HTTP/1.1 200 OK\r\n{Fresh}X A: b\r\nContent-Length: 4\r\n\r\nabcd",
        ["blank before the colon"] = $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length : 4\r\n\r\nabcd",
        ["unasked 101"] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: evil\r\nConnection: Upgrade\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        ["1,000 times 100"] = string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000)) + $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: 4\r\n\r\nabcd",
        ["1,000 times 103"] = string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 1000)) + $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: 4\r\n\r\nabcd",
    };

    /// <summary>Answers that begin well: a cut, or 502 if none of it was sent yet. The origin closes after the text.</summary>
    private static readonly Dictionary<string, string> BrokenContentsByName = new()
    {
        ["shorter than its length"] = $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: 10\r\n\r\nabcd",
        ["head alone"] = $"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: 10\r\n\r\n",
        ["chunk cut"] = Chunked + "a\r\nabcd",
        ["chunk size cut"] = Chunked + "4\r\nabcd\r\n4",
        ["no last chunk"] = Chunked + "4\r\nabcd\r\n",
        ["no end behind the last chunk"] = Chunked + "4\r\nabcd\r\n0\r\n",
        ["chunk size no number"] = Chunked + "4\r\nabcd\r\nxyz\r\n",
        ["chunk size negative"] = Chunked + "4\r\nabcd\r\n-1\r\n",
        ["chunk size huge"] = Chunked + "4\r\nabcd\r\nffffffffffffffffff\r\nabcd",
        ["chunk without its line end"] = Chunked + "4\r\nabcdefgh\r\n0\r\n\r\n",
        ["chunk extension of 1 MB"] = Chunked + "4;" + new string('e', 1 << 20) + "\r\nabcd\r\n0\r\n\r\n",
        ["trailer section of 1 MB"] = Chunked + "4\r\nabcd\r\n0\r\nX-T: " + new string('t', 1 << 20) + "\r\n\r\n",
    };

    [Theory, MemberData(nameof(RefusedHeads)), Trait("Fault", "35"), Trait("Fault", "37"), Trait("Fault", "41")]
    public async Task An_answer_with_a_head_that_is_not_HTTP_becomes_502_and_is_not_stored(string what, Road road)
    {
        await Acts(road, "/item", async side =>
        {
            await side.Sends(RefusedHeadsByName[what]);
            await side.Ends();
        });
        var got = await Asks(road, "/item").Fails(502, "head", "http_protocol_error");
        Assert.DoesNotContain("abcd", got.Content, StringComparison.Ordinal);
        await IsWellAfter(road, "/item");
    }

    [Theory, MemberData(nameof(BrokenContents)), Trait("Fault", "33"), Trait("Fault", "34")]
    public async Task Content_that_breaks_is_visibly_cut_and_not_stored(string what, Road road)
    {
        await Acts(road, "/item", async side =>
        {
            await side.Sends(BrokenContentsByName[what]);
            await side.Ends();
        });
        await Asks(road, "/item").IsCutOr(502);
        await IsWellAfter(road, "/item");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "33")]
    public async Task Content_that_is_reset_after_some_of_it_was_seen_is_visibly_cut(Road road)
    {
        var seen = new TaskCompletionSource();
        await Acts(road, "/item", async side =>
        {
            await side.Sends($"HTTP/1.1 200 OK\r\n{Fresh}Content-Length: 10\r\n\r\nabcd");
            await seen.Task;
            side.Resets();
        });
        var asking = Asks(road, "/item");
        _ = await asking.Head;
        seen.SetResult();
        await asking.IsCut();
        await IsWellAfter(road, "/item");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "33"), Trait("Fault", "38")]
    public async Task Bytes_behind_an_answer_never_reach_the_next_client(Road road)
    {
        await Acts(road, "/item", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 4\r\n\r\nabcdHTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 4\r\n\r\nevil");
            await side.Ends();
        });
        await Asks(road, "/item").Gets(200, "abcd");
        Origin.Answers("/next", 200, ["Cache-Control: max-age=60"], "next");
        for (var i = 0; i < 3; i++) await Client.Asks("/next").Gets(200, "next");
        for (var i = 0; i < 3; i++) await Client.Sends("POST", "/next", [], "x").Gets(200, "next");
    }

    [Theory, Trait("Fault", "38")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nevil", "GET", 204)]
    [InlineData("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 4\r\n\r\nevil", "HEAD", 200)]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil", "POST", 204)]
    public async Task Content_where_there_is_none_reaches_nobody(string raw, string method, int status)
    {
        Origin.Acts("/item", async side =>
        {
            await side.Sends(raw);
            await side.Ends();
        });
        await Client.Sends(method, "/item", [], method == "POST" ? "x" : null).Gets(status, "");
        Origin.Answers("/next", 200, ["Cache-Control: max-age=60"], "next");
        for (var i = 0; i < 3; i++) await Client.Asks("/next").Gets(200, "next");
    }

    public static TheoryData<Road> EachRoad => [.. Roads];

    public static TheoryData<string, Road> RefusedHeads => OnEachRoad(RefusedHeadsByName.Keys);

    public static TheoryData<string, Road> BrokenContents => OnEachRoad(BrokenContentsByName.Keys);

    private static TheoryData<string, Road> OnEachRoad(IEnumerable<string> names)
    {
        var all = new TheoryData<string, Road>();
        foreach (var name in names)
            foreach (var road in Roads) all.Add(name, road);
        return all;
    }
}
