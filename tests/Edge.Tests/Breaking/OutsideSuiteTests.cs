using Granary.Edge.Tests.Caching;
using Granary.Language;

namespace Granary.Edge.Tests.Breaking;

/// <summary>The main groups of what suites for shared caches ask, from client to origin and back. The rules themselves are tested where they are written.</summary>
[Collection(CachingCollection.Name)]
public sealed class OutsideSuiteTests(CachingWorld world) : CachingScene(world)
{
    [Theory, Trait("Spec", "RFC 9111 §4.2, §5.2"), Trait("Kind", "required")]
    [InlineData("Cache-Control: max-age=60", 2, "", "reused")]
    [InlineData("Cache-Control: max-age=2", 2, "", "fetched")]
    [InlineData("Cache-Control: MaX-aGe=60", 1, "", "reused")]
    [InlineData("Cache-Control: max-age=\"60\"", 1, "", "reused")]
    [InlineData("Cache-Control: max-age=60a", 1, "", "fetched")]
    [InlineData("Cache-Control: max-age=-60", 1, "", "fetched")]
    [InlineData("Cache-Control: max-age=60|Age: 50", 1, "", "reused")]
    [InlineData("Cache-Control: max-age=60|Age: 58", 2, "", "fetched")]
    [InlineData("Cache-Control: max-age=60, s-maxage=1", 2, "", "fetched")]
    [InlineData("Cache-Control: max-age=1, s-maxage=60", 2, "", "reused")]
    [InlineData("Cache-Control: max-age=60, max-age=1", 2, "", "fetched")]
    [InlineData("Cache-Control: max-age=60|Expires: Mon, 05 Jan 1970 00:00:00 GMT", 1, "", "reused")]
    [InlineData("Expires: 0", 0, "", "fetched")]
    [InlineData("Cache-Control: a=\"max-age=60\"", 0, "", "fetched")]
    [InlineData("Cache-Control: no-store", 0, "", "fetched")]
    [InlineData("Cache-Control: max-age=60, no-store", 0, "", "fetched")]
    [InlineData("Cache-Control: max-age=60, private", 0, "", "fetched")]
    [InlineData("Cache-Control: max-age=60, private=\"Set-Cookie\"", 0, "", "reused")]
    [InlineData("Cache-Control: max-age=60, no-cache|ETag: \"1\"", 0, "", "validated")]
    [InlineData("Cache-Control: no-cache|ETag: \"1\"", 0, "", "validated")]
    [InlineData("ETag: \"1\"", 0, "", "validated")]
    [InlineData("Last-Modified: Mon, 05 Jan 2015 00:00:00 GMT", 2, "", "reused")]
    [InlineData("Cache-Control: public", 0, "", "fetched")]
    [InlineData("Cache-Control: max-age=1|ETag: \"1\"", 2, "", "validated")]
    [InlineData("Cache-Control: max-age=1|Last-Modified: Mon, 05 Jan 2015 00:00:00 GMT", 2, "", "validated")]
    [InlineData("Cache-Control: max-age=1|ETag: W/\"1\"", 2, "", "validated")]
    [InlineData("Cache-Control: max-age=60|ETag: \"1\"", 1, "Cache-Control: no-cache", "validated")]
    [InlineData("Cache-Control: max-age=60|ETag: \"1\"", 1, "Pragma: no-cache", "validated")]
    [InlineData("Cache-Control: max-age=60|ETag: \"1\"", 1, "Cache-Control: max-age=0", "validated")]
    [InlineData("Cache-Control: max-age=60", 2, "Cache-Control: max-age=1", "fetched")]
    [InlineData("Cache-Control: max-age=60", 2, "Cache-Control: min-fresh=59", "fetched")]
    [InlineData("Cache-Control: max-age=60", 2, "Cache-Control: min-fresh=30", "reused")]
    [InlineData("Cache-Control: max-age=1", 2, "Cache-Control: max-stale=100", "reused")]
    [InlineData("Cache-Control: max-age=1", 3, "Cache-Control: max-stale=1", "fetched")]
    [InlineData("Cache-Control: max-age=1, must-revalidate", 2, "Cache-Control: max-stale=100", "fetched")]
    [InlineData("Cache-Control: max-age=60, must-revalidate", 1, "", "reused")]
    [InlineData("Cache-Control: max-age=1, immutable|ETag: \"1\"", 2, "", "validated")]
    [InlineData("Cache-Control: max-age=60", 1, "Cookie: a=b", "reused")]
    [InlineData("Cache-Control: max-age=60", 1, "Authorization: Basic YQ==", "reused")]
    [InlineData("Cache-Control: max-age=60|Vary: *", 0, "", "fetched")]
    [InlineData("Cache-Control: max-age=60|Vary: Foo, *", 0, "", "fetched")]
    [InlineData("Cache-Control: max-age=60|Vary: Foo", 0, "", "reused")]
    [InlineData("Cache-Control: max-age=60|Vary: Foo", 0, "Foo: 1", "fetched")]
    [InlineData("Cache-Control: max-age=60|Vary: Foo|Vary: Bar", 0, "Bar: 1", "fetched")]
    [InlineData("Cache-Control: max-age=60|Vary: Foo", 0, "Bar: 1", "reused")]
    [InlineData("Cache-Control: max-age=60|Content-Disposition: attachment; filename=x", 1, "", "reused")]
    [InlineData("Cache-Control: max-age=60|Connection: A|A: 1", 1, "", "reused")]
    public async Task Given_a_stored_response_then_the_next_request_is_answered_as_its_fields_say(string stored, int seconds, string asked, string expected)
    {
        var fields = stored.Split('|');
        Origin.Acts("/it", side => side.Request.Fields.Has("If-None-Match") || side.Request.Fields.Has("If-Modified-Since")
            ? side.Answers(304, [.. fields.Where(f => !f.StartsWith("Date", StringComparison.Ordinal)), $"Date: {Clock.Date()}"])
            : side.Answers(200, [.. fields, $"Date: {Clock.Date()}", "X-End: yes"], $"answer {Origin.Requests("/it").Count}"));
        await Client.Asks("/it").Gets(200, "answer 1");
        Clock.Passes(seconds.Seconds());
        var again = await Client.Asks("/it", asked.Length == 0 ? [] : [asked]).Gets(200, expected == "fetched" ? "answer 2" : "answer 1");
        Origin.WasAsked("/it", expected == "reused" ? 1 : 2);
        again.Has("X-End: yes").HasNo("A");
        if (expected == "reused") Assert.True(int.Parse(again.Field("Age")!, System.Globalization.CultureInfo.InvariantCulture) >= seconds);
    }

    [Theory, Trait("Spec", "RFC 9111 §4.2, §5.2"), Trait("Kind", "required"), Trait("Needs", "Clock")]
    [InlineData("Cache-Control: max-age=99999999999", 1000000, "", "reused")]
    [InlineData("Cache-Control: max-age=60", 59, "", "reused")]
    [InlineData("Cache-Control: max-age=60", 60, "", "fetched")]
    [InlineData("Cache-Control: max-age=60|Age: 50", 9, "", "reused")]
    [InlineData("Cache-Control: max-age=60|Age: 50", 10, "", "fetched")]
    [InlineData("Last-Modified: Mon, 05 Jan 2015 00:00:00 GMT", 86399, "", "reused")]
    [InlineData("Last-Modified: Mon, 05 Jan 2015 00:00:00 GMT", 86400, "", "validated")]
    public Task Given_a_stored_response_then_it_is_reused_to_the_second(string stored, int seconds, string asked, string expected) =>
        Given_a_stored_response_then_the_next_request_is_answered_as_its_fields_say(stored, seconds, asked, expected);

    [Theory, Trait("Spec", "RFC 9111 §3"), Trait("Kind", "optimal")]
    [InlineData(200), InlineData(203), InlineData(204), InlineData(299), InlineData(301), InlineData(302), InlineData(303), InlineData(307), InlineData(308)]
    [InlineData(400), InlineData(404), InlineData(410), InlineData(499), InlineData(500), InlineData(502), InlineData(503), InlineData(504), InlineData(599)]
    public async Task A_final_response_with_a_lifetime_is_reused_while_fresh_and_not_afterwards(int status)
    {
        var content = status == 204 ? "" : "answer 1";
        Origin.Acts("/it", side => side.Answers(status, ["Cache-Control: max-age=2", "Location: /elsewhere"], status == 204 ? "" : $"answer {Origin.Requests("/it").Count}"));
        await Client.Asks("/it").Gets(status, content, Outcome.Stored);
        (await Client.Asks("/it").Gets(status, content, Outcome.Hit)).Has("Location: /elsewhere");
        Clock.Passes(3.Seconds());
        await Client.Asks("/it").Gets(status, content.Replace('1', '2'));
        await Client.Asks("/it").Gets(status, content.Replace('1', '2'));
        Origin.WasAsked("/it", 2);
    }

    [Theory, Trait("Spec", "RFC 9111 §4.4"), Trait("Kind", "required")]
    [InlineData("POST", 200, "", false), InlineData("PUT", 201, "", false), InlineData("DELETE", 204, "", false), InlineData("PATCH", 303, "", false)]
    [InlineData("M-SEARCH", 200, "", false), InlineData("POST", 404, "", true), InlineData("POST", 500, "", true), InlineData("OPTIONS", 200, "", true)]
    [InlineData("POST", 200, "Location", false), InlineData("POST", 200, "Content-Location", false), InlineData("POST", 500, "Location", true)]
    public async Task An_unsafe_request_invalidates_its_target_and_what_it_names_if_it_succeeds(string method, int status, string named, bool stays)
    {
        Origin.Acts("/it", side => side.Answers(200, ["Cache-Control: max-age=60"], $"answer {Origin.Requests("/it").Count(r => r.Method == "GET")}"));
        await Client.Asks("/it").Gets(200, "answer 1");
        var changes = named.Length == 0 ? "/it" : "/other";
        var back = named.Length == 0 ? (string[])[] : [$"{named}: {Origin.Scene}/it"];
        if (changes == "/other") Origin.Answers(changes, status, back);
        else Origin.Acts("/it", side => side.Request.Method == method ? side.Answers(status, back)
            : side.Answers(200, ["Cache-Control: max-age=60"], $"answer {Origin.Requests("/it").Count(r => r.Method == "GET")}"));
        await Client.Sends(method, changes, [], "x").Gets(status);
        await Client.Asks("/it").Gets(200, stays ? "answer 1" : "answer 2");
    }

    [Theory, Trait("Spec", "RFC 9111 §3.2"), Trait("Kind", "required")]
    [InlineData("X-Test"), InlineData("Content-Foo"), InlineData("Content-Type"), InlineData("Content-Location"), InlineData("Content-Security-Policy"), InlineData("Clear-Site-Data")]
    public async Task A_304_updates_the_fields_that_are_returned_and_stored(string name)
    {
        Origin.Answers("/it", 200, ["Cache-Control: max-age=1", "ETag: \"1\"", $"{name}: one", "X-Kept: yes"], "content");
        await Client.Asks("/it").Gets(200, "content");
        Clock.Passes(2.Seconds());
        Origin.Answers("/it", 304, ["Cache-Control: max-age=60", "ETag: \"1\"", $"{name}: two", "Content-Length: 99", "Content-Encoding: gzip"]);
        for (var i = 0; i < 2; i++)
            (await Client.Asks("/it").Gets(200, "content")).Has($"{name}: two").Has("X-Kept: yes").Has("Content-Length: 7").HasNo("Content-Encoding");
        Origin.WasAsked("/it", 2);
    }

    [Fact, Trait("Spec", "RFC 9111 §3.3"), Trait("Kind", "required")]
    public async Task A_206_that_nobody_asked_for_is_neither_stored_nor_taken_for_the_whole()
    {
        Origin.Acts("/it", side => side.Answers(206, ["Cache-Control: max-age=60", "Content-Range: bytes 5-9/10", "ETag: \"1\""], "56789"));
        await Client.Asks("/it").Gets(206, "56789", Outcome.NotStored);
        await Client.Asks("/it", "Range: bytes=5-9").Gets(206, "56789", Outcome.NotStored);
        Origin.WasAsked("/it", "Range: bytes=5-9");
        Origin.Answers("/it", 200, ["Cache-Control: max-age=60", "ETag: \"1\""], "0123456789");
        await Client.Asks("/it").Gets(200, "0123456789");
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public async Task Of_several_that_match_the_most_recent_is_selected()
    {
        Origin.Answers("/it", 200, ["Cache-Control: max-age=600", "Vary: Foo"], "varies");
        await Client.Asks("/it", "Foo: 1").Gets(200, "varies", Outcome.Stored);
        Origin.Answers("/it", 200, ["Cache-Control: max-age=600"], "does not");
        await Client.Asks("/it", "Foo: 2").Gets(200, "does not", Outcome.VaryMiss);
        await Client.Asks("/it", "Foo: 1").Gets(200, "does not", Outcome.Hit);
    }

    [Fact, Trait("Needs", "Process"), Trait("Spec", "RFC 9111 §4.3.3"), Trait("Kind", "optimal")]
    public async Task Once_more_waiters_stand_behind_a_stale_response_than_allowed_the_others_go_past()
    {
        await using var origin = Language.Origin.Starts();
        await using var process = await OneProcess.Starts(origin, ["--Granary:Fetch:MaxWaitersPerUrl", "2"]);
        using var client = process.Client();
        origin.Answers("/it", 200, ["Cache-Control: max-age=10", "ETag: \"1\""], "one");
        await client.Asks("/it").Gets(200, "one");
        process.Clock.Passes(20.Seconds());
        var gate = new TaskCompletionSource();
        origin.Acts("/it", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=10", "ETag: \"2\""], "two");
        });
        var all = Enumerable.Range(0, 5).Select(_ => client.Asks("/it")).ToList();
        await origin.IsAsked("/it", 5);
        gate.SetResult();
        foreach (var one in all) await one.Gets(200, "two");
        origin.WasAsked("/it", 5);
    }
}
