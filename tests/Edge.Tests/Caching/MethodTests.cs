using Granary.Language;

namespace Granary.Edge.Tests.Caching;

[Collection(CachingCollection.Name)]
public sealed class MethodTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Needs", "Clock"), Trait("Spec", "RFC 9111 §4.3.5"), Trait("Kind", "optimal")]
    public async Task A_200_to_HEAD_that_agrees_freshens_the_stored_GET()
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "ETag: \"1\"", "X: old"], "cat");
        await Client.Asks("/a").Gets(200, "cat", Outcome.Stored);
        Clock.Passes(61.Seconds());
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "ETag: \"1\"", "X: new"], "cat");
        (await Client.Sends("HEAD", "/a", []).Gets(200, "")).Has("X: new");
        Clock.Passes(30.Seconds());
        (await Client.Asks("/a").Gets(200, "cat", Outcome.Hit)).Has("X: new").Has("Age: 30").Has("Content-Length: 3");
        Origin.WasAsked("/a", 2);
    }

    [Theory, Trait("Spec", "RFC 9111 §4.3.5"), Trait("Kind", "optimal")]
    [InlineData("ETag: \"2\"")]
    [InlineData("Content-Length: 4")]
    public async Task A_200_to_HEAD_that_contradicts_makes_the_stored_GET_stale(string contradiction)
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "ETag: \"1\""], "cat");
        await Client.Asks("/a").Gets(200, "cat", Outcome.Stored);
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", contradiction], contradiction.StartsWith("ETag", StringComparison.Ordinal) ? "dog" : "");
        await Client.Sends("HEAD", "/a", ["Cache-Control: no-cache"]).Gets(200, "");
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "ETag: \"2\""], "bird");
        await Client.Asks("/a").Gets(200, "bird", Outcome.Stale);
        Origin.WasAsked("/a", "If-None-Match: \"1\"");
    }

    [Theory, Trait("Spec", "RFC 9111 §4.3.5"), Trait("Kind", "required")]
    [InlineData(404, "Cache-Control: max-age=60")]
    [InlineData(200, "Cache-Control: no-store")]
    [InlineData(200, "Cache-Control: private, max-age=60")]
    public async Task A_response_to_HEAD_that_says_nothing_to_all_changes_nothing(int status, string control)
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "ETag: \"1\"", "X: old"], "cat");
        await Client.Asks("/a").Gets(200, "cat", Outcome.Stored);
        Origin.Answers("/a", status, [control, "X: new"], "cat");
        await Client.Sends("HEAD", "/a", ["Cache-Control: no-cache"]).Gets(status, "");
        (await Client.Asks("/a").Gets(200, "cat", Outcome.Hit)).Has("X: old");
    }

    [Theory, Trait("Spec", "RFC 9110 §9.3.7"), Trait("Kind", "required")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task OPTIONS_and_TRACE_are_never_stored_nor_answered_from_the_cache(string method)
    {
        Origin.Acts("/a", side => side.Answers(200, ["Cache-Control: max-age=60"], side.Request.Method));
        await Client.Sends(method, "/a", []).Gets(200, method, Outcome.Method);
        await Client.Asks("/a").Gets(200, "GET", Outcome.Stored);
        await Client.Sends(method, "/a", []).Gets(200, method, Outcome.Method);
        await Client.Asks("/a").Gets(200, "GET", Outcome.Hit);
    }

    [Theory, Trait("Spec", "RFC 9110 §7.6.2"), Trait("Kind", "required")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task With_Max_Forwards_0_the_request_ends_here(string method)
    {
        Origin.Answers("/a", 200, [], "origin");
        var got = await Client.Sends(method, "/a", ["Max-Forwards: 0", "X-Seen: yes", "Authorization: secret", "Cookie: secret"]).Gets(200);
        Origin.WasNotAsked("/a");
        Assert.DoesNotContain("secret", got.Content, StringComparison.Ordinal);
        if (method == "OPTIONS") got.HasContent("").Has("Content-Length: 0");
        else Assert.Contains("X-Seen: yes\r\n", got.Has("Content-Type: message/http").Content, StringComparison.Ordinal);
    }

    [Theory, Trait("Spec", "RFC 9110 §7.6.2"), Trait("Kind", "required")]
    [InlineData("OPTIONS", "3", "2")]
    [InlineData("TRACE", "1", "0")]
    [InlineData("OPTIONS", "99999999999", "999999998")]
    [InlineData("OPTIONS", "-1", "-1")]
    [InlineData("GET", "0", "0")]
    public async Task Max_Forwards_is_counted_down_for_these_methods_only(string method, string received, string forwarded)
    {
        Origin.Answers("/a", 200, ["Cache-Control: no-store"], "");
        await Client.Sends(method, "/a", [$"Max-Forwards: {received}"]).Gets(200);
        Origin.WasAsked("/a", $"Max-Forwards: {forwarded}");
    }

    [Fact, Trait("Spec", "RFC 9110 §9.3.8"), Trait("Kind", "check")]
    public async Task A_TRACE_is_forwarded_without_credentials()
    {
        Origin.Answers("/a", 200, [], "");
        await Client.Sends("TRACE", "/a", ["Authorization: secret", "Cookie: secret", "X-Seen: yes"]).Gets(200);
        Origin.WasAskedWithout("/a", "Authorization", "Cookie");
        Origin.WasAsked("/a", "X-Seen: yes");
    }

}
