using System.Net;
using Granary.Edge.Tests.Caching;
using Granary.Edge.Tests.Listening;
using Granary.Language;

namespace Granary.Edge.Tests.Breaking;

/// <summary>What one client says in its request must not change what others are answered (P5).</summary>
[Collection(CachingCollection.Name)]
public sealed class OneClientAndTheOthersTests(CachingWorld world) : CachingScene(world)
{
    private static readonly string[] Revalidating = ["Cache-Control: max-age=2, stale-while-revalidate=60", "ETag: \"1\""];

    [Theory, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required")]
    [InlineData("HEAD", "X-Nothing: 1")]
    [InlineData("GET", "Cache-Control: no-store")]
    [InlineData("GET", "Authorization: Basic YQ==")]
    public async Task A_request_whose_answer_could_not_be_stored_for_all_does_not_freshen_behind(string method, string field)
    {
        Origin.Answers("/feed", 200, Revalidating, "old");
        await Client.Asks("/feed").Gets(200, "old");
        Clock.Passes(3.Seconds());
        var gate = new TaskCompletionSource(); // else the new one may be there before the old one is opened
        Origin.Acts("/feed", async side =>
        {
            await gate.Task;
            await side.Answers(200, Revalidating, "new");
        });
        await Client.Sends(method, "/feed", [field]).Gets(200, method == "HEAD" ? "" : "old", Outcome.StaleHit);
        await Client.Asks("/feed").Gets(200, "old", Outcome.StaleHit);
        await Origin.IsAsked("/feed", 2);
        gate.SetResult();
        Assert.Equal("GET", Origin.Requests("/feed")[1].Method);
        Origin.WasAskedWithout("/feed", "Authorization", "Cache-Control");
    }

    [Fact, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required")]
    public async Task An_authorized_client_neither_replaces_nor_freshens_what_is_stored_for_all()
    {
        Origin.Acts("/page", side => side.Request.Fields.Has("If-None-Match") ? side.Answers(304, ["Cache-Control: max-age=2", "ETag: \"1\""])
            : side.Answers(200, ["Cache-Control: max-age=2", "ETag: \"1\""], side.Request.Fields.First("Authorization") ?? "nobody"));
        await Client.Asks("/page").Gets(200, "nobody", Outcome.Stored);
        Clock.Passes(3.Seconds());
        await Client.Asks("/page", "Authorization: alice").Gets(200, "alice", Outcome.NotStored);
        await Client.Asks("/page").Gets(200, "nobody", Outcome.Validated);
        await Client.Asks("/page", "Authorization: alice", "Cache-Control: no-cache").Gets(200, "alice", Outcome.NotStored);
        await Client.Asks("/page").Gets(200, "nobody", Outcome.Hit);
    }

    [Theory, Trait("Spec", "RFC 9110 §13.1.1"), Trait("Kind", "required")]
    [InlineData("If-Match: \"v9\"")]
    [InlineData("If-Unmodified-Since: Mon, 05 Jan 2026 11:00:00 GMT")]
    public async Task A_precondition_that_only_the_origin_can_evaluate_reaches_it_also_when_nothing_is_stored(string precondition)
    {
        Origin.Acts("/item", side => side.Request.Fields.Has(precondition.Split(':')[0]) ? side.Answers(412, []) : side.Answers(200, ["Cache-Control: max-age=60"], "item"));
        await Client.Asks("/item", precondition).Gets(412);
        await Client.Asks("/item").Gets(200, "item", Outcome.Stored);
    }

    [Fact, Trait("Needs", "Process"), Trait("Spec", "RFC 9110 §7.1"), Trait("Kind", "required")]
    public async Task What_the_origin_is_told_of_the_target_is_what_the_key_says()
    {
        Origin.Acts("/self", side => side.Answers(200, ["Cache-Control: max-age=60"],
            side.Request.Fields.First("X-Forwarded-Proto") + "://" + side.Request.Fields.First("X-Forwarded-Host")));
        Assert.EndsWith("http://example.org", await Raw($"GET {Origin.Scene}/self HTTP/1.1\r\nHost: EXAMPLE.Org:0080\r\n"), StringComparison.Ordinal);
        Assert.EndsWith("http://example.org", await Raw($"GET {Origin.Scene}/self HTTP/1.1\r\nHost: example.org\r\n"), StringComparison.Ordinal);
        Assert.EndsWith("http://example.org", await Raw($"GET https://example.org{Origin.Scene}/self HTTP/1.1\r\nHost: example.org\r\n"), StringComparison.Ordinal);
        Origin.WasAsked("/self", 1);
    }

    [Theory, Trait("Needs", "ConfiguredOrigin"), Trait("Promise", "P5")]
    [InlineData("X-Forwarded-Prefix"), InlineData("X-Forwarded-Port"), InlineData("X-Original-URL"), InlineData("X-Rewrite-URL"), InlineData("x-host"), InlineData("X-Real-IP")]
    public async Task What_only_a_proxy_may_say_of_a_request_is_not_believed_from_strangers(string name)
    {
        Origin.Acts("/page", side => side.Answers(200, ["Cache-Control: max-age=60"], side.Request.Fields.First(name) ?? "clean"));
        await Client.Asks("/page", $"{name}: /evil").Gets(200, "clean", Outcome.Stored);
    }

    [Fact, Trait("Promise", "P5")]
    public async Task A_GET_that_asks_for_another_method_is_no_matter_of_the_cache()
    {
        Origin.Acts("/page", side => side.Answers(200, ["Cache-Control: max-age=60"], side.Request.Fields.First("X-HTTP-Method-Override") ?? "GET"));
        await Client.Asks("/page", "X-HTTP-Method-Override: HEAD").Gets(200, "HEAD", Outcome.NotStored);
        await Client.Asks("/page").Gets(200, "GET", Outcome.Stored);
        await Client.Asks("/page", "X-HTTP-Method-Override: POST").Gets(200, "POST", Outcome.NotStored);
    }

    [Fact, Trait("Needs", "Process"), Trait("Spec", "RFC 9110 §8.3"), Trait("Kind", "check")]
    public async Task Fields_about_content_reach_the_origin_also_where_there_is_no_content()
    {
        Origin.Answers("/signed", 200, ["Cache-Control: max-age=60"], "ok");
        await Raw($"GET {Origin.Scene}/signed HTTP/1.1\r\nHost: example.org\r\nContent-Type: application/json\r\nContent-MD5: x\r\n");
        Origin.WasAsked("/signed", "Content-Type: application/json", "Content-MD5: x");
    }

    [Fact, Trait("Needs", "Process"), Trait("Spec", "RFC 9112 §3.2.4"), Trait("Kind", "check")]
    public async Task OPTIONS_asterisk_gets_an_answer_and_breaks_nothing()
    {
        var got = await Raw("OPTIONS * HTTP/1.1\r\nHost: example.org\r\n");
        Assert.DoesNotContain("HTTP/1.1 500", got, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 ", got, StringComparison.Ordinal);
    }

    [Theory, Trait("Needs", "Process"), Trait("Spec", "RFC 3986 §6.2.2"), Trait("Kind", "check")]
    [InlineData("/odd//path")]
    [InlineData("/odd/../up")]
    [InlineData("/odd/./here")]
    [InlineData("/odd\\back")]
    [InlineData("/odd%2fslash")]
    [InlineData("/odd%2e%2e/x")]
    [InlineData("/odd%zz")]
    [InlineData("/odd%25%36%31")]
    [InlineData("/odd;p=1")]
    [InlineData("/odd?a=%7e&b=|")]
    [InlineData("/odd??")]
    [InlineData("/@odd:80/")]
    public async Task What_the_origin_is_asked_is_what_the_key_says(string path)
    {
        var whole = Origin.Scene + path;
        await Raw($"GET {whole} HTTP/1.1\r\nHost: example.org\r\n");
        var asked = Assert.Single(World.Origin.RequestsUnder(Origin.Scene));
        Assert.Equal(Semantics.Messages.TargetUri.Effective("http", "example.org", whole), "http://example.org" + asked);
    }

    private CachingWorld World { get; } = world;

    private Task<string> Raw(string head) =>
        WireClient.Exchange(new IPEndPoint(IPAddress.Loopback, Process.Url.Port), head + "Connection: close\r\n\r\n");
}
