using Granary.Language;

namespace Granary.Edge.Tests.Caching;

/// <summary>A response to POST that says of itself that it is what a GET would get (RFC 9110 §9.3.3).</summary>
[Collection(CachingCollection.Name)]
public sealed class PostTests : CachingScene
{
    private static readonly string[] Fresh = ["Cache-Control: max-age=60"];

    public PostTests(CachingWorld world) : base(world) => Clock.Passes(2.Seconds()); // nothing was invalidated since: a clock that stands still could not tell

    private void Answers(string post, params string[] fields) =>
        Origin.Acts("/a", side => side.Answers(200, side.Request.Method == "POST" ? fields : Fresh, side.Request.Method == "POST" ? post : side.Request.Method));

    private string Here => $"Content-Location: {Origin.Scene}/a";

    [Fact, Trait("Spec", "RFC 9110 §9.3.3"), Trait("Kind", "optimal")]
    public async Task Given_explicit_freshness_and_its_own_Content_Location_then_it_answers_later_GETs_and_HEADs()
    {
        Answers("posted", "Cache-Control: max-age=60", Here, "ETag: \"1\"");
        await Client.Sends("POST", "/a", [], "x").Gets(200, "posted", Outcome.Method);
        (await Client.Asks("/a").Gets(200, "posted", Outcome.Hit)).Has("ETag: \"1\"");
        await Client.Asks("/a", "If-None-Match: \"1\"").Gets(304, "", Outcome.Hit);
        await Client.Sends("HEAD", "/a", []).Gets(200, "", Outcome.Hit);
        await Client.Sends("POST", "/a", [], "x").Gets(200, "posted", Outcome.Method);
        Origin.WasAsked("/a", 2);
    }

    [Fact, Trait("Spec", "RFC 9110 §9.3.3"), Trait("Kind", "optimal")]
    public async Task It_replaces_what_was_stored_before_it()
    {
        Answers("posted", "Expires: Fri, 31 Dec 9999 23:59:59 GMT", Here, "Transfer-Encoding: chunked");
        await Client.Asks("/a").Gets(200, "GET", Outcome.Stored);
        Answers("6\r\nposted\r\n0\r\n\r\n", "Expires: Fri, 31 Dec 9999 23:59:59 GMT", Here, "Transfer-Encoding: chunked");
        await Client.Sends("POST", "/a", [], "x").Gets(200, "posted");
        await Client.Asks("/a").Gets(200, "posted", Outcome.Hit);
    }

    [Theory, Trait("Spec", "RFC 9110 §9.3.3"), Trait("Kind", "required")]
    [InlineData("Cache-Control: max-age=60")]
    [InlineData("Cache-Control: max-age=60", "Content-Location: /elsewhere")]
    [InlineData("Cache-Control: max-age=0", "here")]
    [InlineData("Cache-Control: public", "here", "Last-Modified: Mon, 05 Jan 2015 00:00:00 GMT")]
    [InlineData("Cache-Control: max-age=60, no-store", "here")]
    [InlineData("Cache-Control: max-age=60, private", "here")]
    [InlineData("Cache-Control: max-age=60", "here", "Set-Cookie: a=b")]
    [InlineData("Cache-Control: max-age=60", "here", "Vary: Content-Type")]
    public async Task What_does_not_say_so_answers_no_GET(params string[] fields)
    {
        Answers("posted", [.. fields.Select(field => field == "here" ? Here : field)]);
        await Client.Sends("POST", "/a", ["Content-Type: text/plain"], "x").Gets(200, "posted");
        await Client.Asks("/a").Gets(200, "GET");
    }

    [Theory, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required")]
    [InlineData("Authorization: Basic YQ==")]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    [InlineData("Cache-Control: no-store")]
    public async Task What_was_asked_for_in_private_or_as_something_else_answers_no_GET(string field)
    {
        Answers("posted", "Cache-Control: max-age=60", Here);
        await Client.Sends("POST", "/a", [field], "x").Gets(200, "posted");
        await Client.Asks("/a").Gets(200, "GET");
    }

    [Fact, Trait("Promise", "P2")]
    public async Task An_invalidation_between_the_POST_and_its_answer_keeps_it_out()
    {
        var gate = new TaskCompletionSource();
        Origin.Acts("/a", async side =>
        {
            if (side.Request.Method == "POST") await gate.Task;
            await side.Answers(200, side.Request.Method == "POST" ? ["Cache-Control: max-age=60", Here] : Fresh, side.Request.Method);
        });
        var posting = Client.Sends("POST", "/a", [], "x");
        await Origin.IsAsked("/a");
        await Client.Sends("PUT", "/a", [], "y").Gets(200, "PUT");
        gate.SetResult();
        await posting.Gets(200, "POST");
        await Client.Asks("/a").Gets(200, "GET", Outcome.Stored);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task An_invalidation_while_its_content_arrives_keeps_it_out()
    {
        var gate = new TaskCompletionSource();
        Origin.Acts("/a", async side =>
        {
            if (side.Request.Method != "POST")
            {
                await side.Answers(200, Fresh, side.Request.Method);
                return;
            }

            await side.Sends($"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n{Here}\r\nContent-Length: 6\r\n\r\npos");
            await gate.Task;
            await side.Sends("ted");
        });
        var posting = Client.Sends("POST", "/a", [], "x");
        await posting.Head;
        await Client.Sends("DELETE", "/a", []).Gets(200, "DELETE");
        gate.SetResult();
        await posting.Gets(200, "posted");
        await Client.Asks("/a").Gets(200, "GET", Outcome.Stored);
    }

    [Fact, Trait("Promise", "P4")]
    public async Task What_broke_on_the_way_or_is_too_large_answers_no_GET()
    {
        Origin.Acts("/a", async side =>
        {
            if (side.Request.Method == "GET") await side.Answers(200, Fresh, "GET");
            else await side.Sends($"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n{Here}\r\nContent-Length: 6\r\n\r\npos");
            side.Closes();
        });
        await Client.Sends("POST", "/a", [], "x").IsCut();
        await Client.Asks("/a").Gets(200, "GET", Outcome.Stored);
        Answers(new string('x', 64 * 1024 + 1), "Cache-Control: max-age=60", Here);
        await Client.Sends("POST", "/a", [], "x").Gets(200);
        await Client.Asks("/a").Gets(200, "GET", Outcome.Stored);
    }
}
