using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>Connections to the origin that end just when they are used.</summary>
[Collection(FaultsCollection.Name)]
public sealed class ClosedConnectionTests(CachingWorld world) : FaultScene(world)
{
    public static TheoryData<string, bool> SafeOrNot => new()
    {
        { "GET", false }, { "GET", true }, { "OPTIONS", false }, { "OPTIONS", true }, { "POST", false }, { "POST", true }, { "DELETE", false }, { "DELETE", true },
    };

    [Theory, MemberData(nameof(SafeOrNot)), Trait("Fault", "44"), Trait("Spec", "RFC 9110 §9.2.2"), Trait("Kind", "required")]
    public async Task Only_a_safe_request_is_repeated_when_a_kept_connection_ends_as_it_is_used(string method, bool reset)
    {
        var isSafe = method is "GET" or "OPTIONS";
        await using var origin = Language.Origin.Starts();
        await using var process = await OneProcess.Starts(origin);
        using var client = process.Client();
        origin.Acts("/gone", side =>
        {
            if (!side.IsFirstOfConnection) side.Ends(reset);
            else return side.Answers(200, [], "well");
            return Task.CompletedTask;
        });
        await Fill(origin, client, 20); // more connections than anybody would try one after another
        var got = await client.Sends(method, "/gone", []).Gets();
        if (isSafe) got.HasStatus(200).HasContent("well");
        else got.HasStatus(502).Names("head", "connection_terminated");
        origin.WasAsked("/gone", isSafe ? 2 : 1);
    }

    [Theory, InlineData("GET"), InlineData("POST"), Trait("Fault", "44")]
    public async Task An_origin_that_closes_every_time_is_asked_once(string method)
    {
        Origin.Acts("/closes", side =>
        {
            side.Closes();
            return Task.CompletedTask;
        });
        await Client.Sends(method, "/closes", []).Fails(502, "head", "connection_terminated");
        Assert.InRange(Origin.Requests("/closes").Count, 1, method == "GET" ? 2 : 1);
    }

    [Theory, InlineData(false), InlineData(true), Trait("Fault", "43"), Trait("Spec", "RFC 9112 §9.6"), Trait("Kind", "optimal")]
    public async Task An_answer_that_comes_before_the_request_was_sent_whole_reaches_its_client(bool onKeptConnection)
    {
        await using var origin = Language.Origin.Starts();
        await using var process = await OneProcess.Starts(origin);
        using var client = process.Client();
        if (onKeptConnection) await Fill(origin, client, 1);
        origin.TakesHeadsOnly("/upload", async side =>
        {
            await side.Answers(413, ["Connection: close"], "too large");
            side.Closes();
        });
        await client.Sends("POST", "/upload", [], new string('u', 16 << 20)).Gets(413, "too large", Outcome.Method);
        origin.Answers("/next", 200, [], "next");
        await client.Sends("POST", "/next", [], "x").Gets(200, "next");
    }

    [Theory, InlineData(false), InlineData(true), Trait("Fault", "43"), Trait("Spec", "RFC 9112 §9.3"), Trait("Kind", "optimal")]
    public async Task An_origin_that_turns_an_upload_down_and_neither_reads_it_nor_closes_is_heard_at_once(bool onKeptConnection)
    {
        await using var origin = Language.Origin.Starts();
        await using var process = await OneProcess.Starts(origin);
        using var client = process.Client();
        if (onKeptConnection) await Fill(origin, client, 1);
        var never = new TaskCompletionSource();
        origin.TakesHeadsOnly("/upload", async side =>
        {
            await side.Answers(413, [], "too large");
            await never.Task;
        });
        await client.Sends("POST", "/upload", [], new string('u', 32 << 20)).Gets(413, "too large", Outcome.Method);
        origin.Answers("/next", 200, [], "next");
        for (var i = 0; i < 3; i++) await client.Sends("POST", "/next", [], "x").Gets(200, "next");
        never.SetResult();
    }

    [Theory, InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"), InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")]
    [Trait("Fault", "43"), Trait("Spec", "RFC 9112 §9.3"), Trait("Kind", "optimal")]
    public async Task An_origin_that_agrees_early_and_reads_on_gets_the_whole_upload(string answer)
    {
        Origin.TakesHeadsOnly("/upload", async side =>
        {
            await side.Sends(answer);
            await side.Waits();
        });
        await Client.Sends("POST", "/upload", [], new string('u', 32 << 20)).Gets(200, "ok", Outcome.Method);
        await IsWellAfter(Road.Posted, "/next");
    }

    [Fact, Trait("Fault", "43")]
    public async Task An_origin_that_leaves_during_an_upload_without_an_answer_is_502()
    {
        Origin.TakesHeadsOnly("/upload", side =>
        {
            side.Resets();
            return Task.CompletedTask;
        });
        await Client.Sends("POST", "/upload", [], new string('u', 16 << 20)).Gets(502);
        await IsWellAfter(Road.Posted, "/upload");
    }

    [Fact, Trait("Spec", "RFC 9110 §10.1.1"), Trait("Kind", "required")]
    public async Task Expect_100_continue_works_with_a_large_upload()
    {
        Origin.Acts("/upload", side => side.Answers(200, [], $"{side.Request.Content.Length}"));
        await Client.Sends("POST", "/upload", ["Expect: 100-continue"], new string('u', 4 << 20)).Gets(200, $"{4 << 20}");
        using var raw = await RawClient.Connects(Process.Url);
        await raw.Sends($"POST {Origin.Scene}/upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100 ", await raw.ReadsHead(), StringComparison.Ordinal);
        await raw.Sends("abcd");
        var (head, content) = await raw.ReadsResponse();
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal("4", content);
    }

    [Fact, Trait("Spec", "RFC 9110 §10.1.1"), Trait("Kind", "optimal"), Trait("Fault", "43")]
    public async Task A_refusal_reaches_a_client_that_still_expects_100()
    {
        Origin.TakesHeadsOnly("/upload", async side =>
        {
            await side.Answers(417, ["Connection: close"], "no");
            await side.Ends();
        });
        using var raw = await RawClient.Connects(Process.Url);
        await raw.Sends($"POST {Origin.Scene}/upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4000000\r\n\r\n");
        var head = await raw.ReadsHead();
        Assert.StartsWith("HTTP/1.1 417 ", head, StringComparison.Ordinal);
    }

    private static async Task Fill(Origin origin, Client client, int connections)
    {
        var all = new TaskCompletionSource();
        origin.Acts("/fill", async side =>
        {
            await all.Task;
            await side.Answers(200, [], "filled");
        });
        var asking = Enumerable.Range(0, connections).Select(_ => client.Sends("POST", "/fill", [], "x")).ToList();
        await origin.IsAsked("/fill", connections);
        all.SetResult();
        foreach (var one in asking) await one.Gets(200, "filled");
    }
}
