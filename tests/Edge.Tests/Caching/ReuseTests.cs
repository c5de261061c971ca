using Granary.Language;

namespace Granary.Edge.Tests.Caching;

[Collection(CachingCollection.Name)]
public sealed class ReuseTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Needs", "Clock"), Trait("Spec", "RFC 9111 §4.2"), Trait("Kind", "optimal")]
    public async Task Given_a_fresh_response_when_it_is_asked_for_again_then_the_origin_is_not_asked()
    {
        Origin.Answers("/logo", 200, ["Cache-Control: max-age=60", "ETag: \"v1\"", "X-Two: a", "X-Two: b"], "cat");
        await Client.Asks("/logo").Gets(200, "cat", Outcome.Stored);
        Clock.Passes(10.Seconds());
        var again = await Client.Asks("/logo").Gets(200, "cat", Outcome.Hit);
        again.Has("Age: 10").Has("Cache-Status: granary; hit; ttl=50").Has("X-Two: a, b");
        Origin.WasAsked("/logo", 1);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
    public async Task Given_a_stale_response_with_an_entity_tag_when_the_origin_answers_304_then_the_stored_content_is_served()
    {
        Origin.Answers("/logo", 200, ["Cache-Control: max-age=1", "ETag: \"v1\""], "cat");
        await Client.Asks("/logo").Gets(200, "cat", Outcome.Stored);
        Clock.Passes(2.Seconds());
        Origin.Answers("/logo", 304, ["Cache-Control: max-age=60", "ETag: \"v1\""]);
        await Client.Asks("/logo").Gets(200, "cat", Outcome.Validated);
        Origin.WasAsked("/logo", "If-None-Match: \"v1\"");
        Clock.Passes(2.Seconds());
        await Client.Asks("/logo").Gets(200, "cat", Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.3"), Trait("Kind", "required")]
    public async Task Given_a_stale_response_when_the_origin_answers_200_then_the_new_one_replaces_it()
    {
        Origin.Answers("/logo", 200, ["Cache-Control: max-age=1", "ETag: \"v1\""], "cat");
        await Client.Asks("/logo").Gets(200, "cat");
        Clock.Passes(2.Seconds());
        Origin.Answers("/logo", 200, ["Cache-Control: max-age=60", "ETag: \"v2\""], "dog");
        await Client.Asks("/logo").Gets(200, "dog", Outcome.Stale);
        await Client.Asks("/logo").Gets(200, "dog", Outcome.Hit);
    }

    [Theory, Trait("Spec", "RFC 9111 §3"), Trait("Kind", "required")]
    [InlineData("Cache-Control: no-store")]
    [InlineData("Cache-Control: private, max-age=60")]
    [InlineData("Cache-Control: max-age=60", "Vary: *")]
    [InlineData("Cache-Control: max-age=60", "Set-Cookie: a=b")]
    public async Task A_response_that_must_not_be_stored_is_fetched_each_time(params string[] fields)
    {
        Origin.Answers("/secret", 200, fields, "yours");
        await Client.Asks("/secret").Gets(200, "yours", Outcome.NotStored);
        await Client.Asks("/secret").Gets(200, "yours", Outcome.NotStored);
        Origin.WasAsked("/secret", 2);
    }

    [Fact, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required")]
    public async Task What_was_answered_to_an_authorized_request_reaches_no_other()
    {
        Origin.Acts("/me", side => side.Answers(200, ["Cache-Control: max-age=60"], side.Request.Fields.First("Authorization") ?? "nobody"));
        await Client.Asks("/me", "Authorization: alice").Gets(200, "alice", Outcome.NotStored);
        await Client.Asks("/me", "Authorization: bob").Gets(200, "bob", Outcome.NotStored);
        await Client.Asks("/me").Gets(200, "nobody", Outcome.Stored);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public async Task Each_variant_answers_only_requests_with_its_nominated_fields()
    {
        Origin.Acts("/page", side => side.Answers(200, ["Cache-Control: max-age=60", "Vary: Accept-Language"], side.Request.Fields.First("Accept-Language") ?? "none"));
        await Client.Asks("/page", "Accept-Language: de").Gets(200, "de", Outcome.Stored);
        await Client.Asks("/page", "Accept-Language: fr").Gets(200, "fr", Outcome.VaryMiss);
        await Client.Asks("/page").Gets(200, "none", Outcome.VaryMiss);
        await Client.Asks("/page", "Accept-Language: de").Gets(200, "de", Outcome.Hit);
        await Client.Asks("/page", "Accept-Language: fr").Gets(200, "fr", Outcome.Hit);
        Origin.WasAsked("/page", 3);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.4"), Trait("Kind", "required")]
    public async Task An_unsafe_method_that_succeeds_invalidates_what_is_stored()
    {
        Origin.Acts("/item", side => side.Answers(200, side.Request.Method == "GET" ? ["Cache-Control: max-age=60"] : [], side.Request.Method));
        await Client.Asks("/item").Gets(200, "GET", Outcome.Stored);
        await Client.Sends("PUT", "/item", [], "new").Gets(200, "PUT", Outcome.Method);
        await Client.Asks("/item").Gets(200, "GET", Outcome.Stored);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.4"), Trait("Kind", "required")]
    public async Task An_unsafe_method_that_fails_invalidates_nothing()
    {
        Origin.Acts("/item", side => side.Answers(side.Request.Method == "GET" ? 200 : 500, ["Cache-Control: max-age=60"], side.Request.Method));
        await Client.Asks("/item").Gets(200, "GET", Outcome.Stored);
        await Client.Sends("DELETE", "/item", []).Gets(500);
        await Client.Asks("/item").Gets(200, "GET", Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 5861 §3"), Trait("Kind", "optimal")]
    public async Task Within_stale_while_revalidate_the_stale_response_is_served_at_once_and_freshened_once_behind()
    {
        Origin.Answers("/feed", 200, ["Cache-Control: max-age=1, stale-while-revalidate=60", "ETag: \"1\""], "old");
        await Client.Asks("/feed").Gets(200, "old");
        Clock.Passes(2.Seconds());
        var gate = new TaskCompletionSource(); // else the new one may be there before the old one is opened
        Origin.Acts("/feed", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=10, stale-while-revalidate=60", "ETag: \"2\""], "new");
        });
        await Client.Asks("/feed").Gets(200, "old", Outcome.StaleHit);
        await Origin.IsAsked("/feed", 2);
        gate.SetResult();
        Got got;
        do got = await Client.Asks("/feed").Gets();
        while (got.Content == "old" || Outcome.Collapsed.IsSaidBy(got.CacheStatus)); // collapsed: it is arriving
        got.HasContent("new").Was(Outcome.Hit);
        Origin.WasAsked("/feed", 2);
    }

    [Theory, Trait("Spec", "RFC 5861 §4"), Trait("Kind", "optimal")]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Within_stale_if_error_a_server_error_is_answered_with_the_stale_response(int status)
    {
        Origin.Answers("/feed", 200, ["Cache-Control: max-age=1, stale-if-error=4", "ETag: \"1\""], "old");
        await Client.Asks("/feed").Gets(200, "old");
        Clock.Passes(2.Seconds());
        Origin.Answers("/feed", status, [], "broken");
        await Client.Asks("/feed").Gets(200, "old", Outcome.Stale);
        Clock.Passes(4.Seconds());
        await Client.Asks("/feed").Gets(status, "broken");
    }

    [Fact, Trait("Spec", "RFC 9111 §4.2.4"), Trait("Kind", "optimal")]
    public async Task When_the_origin_does_not_answer_the_stale_response_is_served_unless_it_must_be_validated()
    {
        Origin.Answers("/may", 200, ["Cache-Control: max-age=1", "ETag: \"1\""], "old");
        Origin.Answers("/must", 200, ["Cache-Control: max-age=1, must-revalidate", "ETag: \"1\""], "old");
        await Client.Asks("/may").Gets(200, "old");
        await Client.Asks("/must").Gets(200, "old");
        Clock.Passes(2.Seconds());
        foreach (var path in new[] { "/may", "/must" }) Origin.Acts(path, side => { side.Closes(); return Task.CompletedTask; });
        await Client.Asks("/may").Gets(200, "old", Outcome.Stale);
        await Client.Asks("/must").Gets(502);
    }

    [Fact, Trait("Spec", "RFC 9111 §5.2.1.7"), Trait("Kind", "required")]
    public async Task Only_if_cached_is_never_forwarded()
    {
        await Client.Asks("/nothing", "Cache-Control: only-if-cached").Gets(504);
        Origin.WasNotAsked("/nothing");
    }

    [Fact, Trait("Spec", "RFC 9111 §5.2.1.4"), Trait("Kind", "required")]
    public async Task No_cache_asks_the_origin_even_when_the_response_is_fresh()
    {
        Origin.Answers("/logo", 200, ["Cache-Control: max-age=60", "ETag: \"v1\""], "cat");
        await Client.Asks("/logo").Gets(200, "cat");
        Origin.Answers("/logo", 304, ["ETag: \"v1\""]);
        await Client.Asks("/logo", "Cache-Control: no-cache").Gets(200, "cat", Outcome.Request);
        Origin.WasAsked("/logo", 2);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.2"), Trait("Kind", "optimal")]
    public async Task A_client_whose_entity_tag_still_holds_gets_304()
    {
        Origin.Answers("/logo", 200, ["Cache-Control: max-age=60", "ETag: \"v1\"", "Content-Language: de"], "cat");
        (await Client.Asks("/logo", "If-None-Match: \"v1\"").Gets(304, "")).Was(Outcome.Stored);
        (await Client.Asks("/logo", "If-None-Match: \"v0\", W/\"v1\"").Gets(304, "")).Was(Outcome.Hit).Has("ETag: \"v1\"").HasNo("Content-Language");
        await Client.Asks("/logo", "If-None-Match: \"v0\"").Gets(200, "cat", Outcome.Hit);
        Origin.WasAskedWithout("/logo", "If-None-Match");
    }

    [Fact, Trait("Spec", "RFC 9110 §14.2"), Trait("Kind", "optimal")]
    public async Task Ranges_of_a_stored_response_are_answered_from_it()
    {
        Origin.Answers("/text", 200, ["Cache-Control: max-age=60", "ETag: \"v1\"", "Content-Type: text/plain"], "0123456789");
        (await Client.Asks("/text", "Range: bytes=2-4").Gets(206, "234", Outcome.Stored)).Has("Content-Range: bytes 2-4/10");
        (await Client.Asks("/text", "Range: bytes=-3").Gets(206, "789", Outcome.Hit)).Has("Content-Range: bytes 7-9/10");
        (await Client.Asks("/text", "Range: bytes=10-").Gets(416, "")).Has("Content-Range: bytes */10");
        await Client.Asks("/text", "Range: bytes=2-4", "If-Range: \"v0\"").Gets(200, "0123456789", Outcome.Hit);
        var several = await Client.Asks("/text", "Range: bytes=0-1,8-9").Gets(206);
        Assert.StartsWith("multipart/byteranges; boundary=", several.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("Content-Range: bytes 8-9/10\r\n\r\n89\r\n--", several.Content, StringComparison.Ordinal);
        Origin.WasAskedWithout("/text", "Range");
        Origin.WasAsked("/text", 1);
    }

    [Fact, Trait("Spec", "RFC 9110 §9.3.2"), Trait("Kind", "optimal")]
    public async Task HEAD_is_answered_from_a_stored_GET()
    {
        Origin.Answers("/logo", 200, ["Cache-Control: max-age=60"], "cat");
        await Client.Asks("/logo").Gets(200, "cat");
        (await Client.Sends("HEAD", "/logo", []).Gets(200, "", Outcome.Hit)).Has("Content-Length: 3");
        Origin.WasAsked("/logo", 1);
    }

    [Fact]
    public async Task A_GET_with_content_is_never_answered_from_the_cache()
    {
        Origin.Acts("/search", side => side.Answers(200, ["Cache-Control: max-age=60"], "q=" + side.Request.ContentText));
        await Client.Asks("/search").Gets(200, "q=", Outcome.Stored);
        await Client.Sends("GET", "/search", [], "cats").Gets(200, "q=cats", Outcome.Request);
        await Client.Sends("GET", "/search", [], "dogs").Gets(200, "q=dogs", Outcome.Request);
        await Client.Asks("/search").Gets(200, "q=", Outcome.Hit);
    }
}
