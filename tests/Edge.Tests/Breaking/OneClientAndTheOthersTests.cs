using System.Net;
using Granary.Edge.Tests.Caching;
using Granary.Language;
using RawClient = Granary.Edge.Tests.Listening.RawClient;

namespace Granary.Edge.Tests.Breaking;

/// <summary>What one client says in its request must not change what others are answered (P5).</summary>
[Collection(CachingCollection.Name)]
public sealed class OneClientAndTheOthersTests(CachingWorld world) : CachingScene(world)
{
    private static readonly string[] Revalidating = ["Cache-Control: max-age=10, stale-while-revalidate=60", "ETag: \"1\""];

    [Theory, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required")]
    [InlineData("HEAD", "X-Nothing: 1")]
    [InlineData("GET", "Cache-Control: no-store")]
    [InlineData("GET", "Authorization: Basic YQ==")]
    public async Task A_request_whose_answer_could_not_be_stored_for_all_does_not_freshen_behind(string method, string field)
    {
        Origin.Answers("/feed", 200, Revalidating, "old");
        await Client.Asks("/feed").Gets(200, "old");
        Clock.Passes(20.Seconds());
        var behind = new TaskCompletionSource();
        Origin.Acts("/feed", async side =>
        {
            await behind.Task;
            await side.Answers(200, Revalidating, "new");
        });
        await Client.Sends(method, "/feed", [field]).Gets(200, method == "HEAD" ? "" : "old", Outcome.StaleHit);
        await Client.Asks("/feed").Gets(200, "old", Outcome.StaleHit);
        await Origin.IsAsked("/feed", 2);
        behind.SetResult();
        Assert.Equal("GET", Origin.Requests("/feed")[1].Method);
        Origin.WasAskedWithout("/feed", "Authorization", "Cache-Control");
    }

    [Fact, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required")]
    public async Task An_authorized_client_neither_replaces_nor_freshens_what_is_stored_for_all()
    {
        Origin.Acts("/page", side => side.Request.Fields.Has("If-None-Match") ? side.Answers(304, ["Cache-Control: max-age=10", "ETag: \"1\""])
            : side.Answers(200, ["Cache-Control: max-age=10", "ETag: \"1\""], side.Request.Fields.First("Authorization") ?? "nobody"));
        await Client.Asks("/page").Gets(200, "nobody", Outcome.Stored);
        Clock.Passes(20.Seconds());
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

    [Fact, Trait("Spec", "RFC 9110 §7.1"), Trait("Kind", "required")]
    public async Task What_the_origin_is_told_of_the_target_is_what_the_key_says()
    {
        Origin.Acts("/self", side => side.Answers(200, ["Cache-Control: max-age=60"],
            side.Request.Fields.First("X-Forwarded-Proto") + "://" + side.Request.Fields.First("X-Forwarded-Host")));
        Assert.EndsWith("http://example.org", await Raw($"GET {Origin.Scene}/self HTTP/1.1\r\nHost: EXAMPLE.Org:0080\r\n"), StringComparison.Ordinal);
        Assert.EndsWith("http://example.org", await Raw($"GET {Origin.Scene}/self HTTP/1.1\r\nHost: example.org\r\n"), StringComparison.Ordinal);
        Assert.EndsWith("http://example.org", await Raw($"GET https://example.org{Origin.Scene}/self HTTP/1.1\r\nHost: example.org\r\n"), StringComparison.Ordinal);
        Origin.WasAsked("/self", 1);
    }

    [Theory, Trait("Spec", "RFC 3986 §6.2.2"), Trait("Kind", "check")]
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
        RawClient.Exchange(new IPEndPoint(IPAddress.Loopback, Process.Url.Port), head + "Connection: close\r\n\r\n");
}
