using System.Net;
using Granary.Edge.Tests.Caching;
using Granary.Edge.Tests.Listening;
using Granary.Grains.Origin;
using Granary.Grains.Resources;
using Granary.Language;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Breaking;

/// <summary>The edge goes to the client with interim responses and comes back: meanwhile the fetch may have ended.</summary>
[Collection(CachingCollection.Name)]
public sealed class InterimRoadTests(CachingWorld world) : CachingScene(world)
{
    [Theory, Trait("Promise", "P1")]
    [InlineData(200, "Cache-Control: max-age=60")]
    [InlineData(200, "Cache-Control: no-cache\r\nETag: \"1\"")]
    [InlineData(200, "Cache-Control: no-store")]
    [InlineData(404, "Cache-Control: private")]
    [InlineData(500, "X-Broken: yes")]
    public async Task Given_early_hints_and_the_answer_in_one_go_then_the_origin_is_asked_once(int status, string fields)
    {
        Origin.Acts("/hinted", side => side.Sends(
            $"HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\nHTTP/1.1 {status} X\r\n{fields}\r\nContent-Length: 4\r\n\r\nword"));
        await Client.Asks("/hinted").Gets(status, "word");
        Origin.WasAsked("/hinted", 1);
    }

    [Fact, Trait("Needs", "Process"), Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "required")]
    public async Task Early_hints_reach_the_client_before_the_answer()
    {
        var gate = new TaskCompletionSource();
        Origin.Acts("/hinted", async side =>
        {
            await side.Sends("HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\n");
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60"], "word");
        });
        using var client = await WireClient.Connect(new IPEndPoint(IPAddress.Loopback, Process.Url.Port));
        await client.Send($"GET {Origin.Scene}/hinted HTTP/1.1\r\nHost: {Process.Url.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 103", await client.ReadTo("\r\n\r\n"), StringComparison.Ordinal);
        gate.SetResult();
        Assert.StartsWith("HTTP/1.1 200", await client.ReadTo("word"), StringComparison.Ordinal);
        Origin.WasAsked("/hinted", 1);
    }

    [Fact, Trait("Spec", "RFC 9211 §2.2"), Trait("Kind", "required")]
    public async Task Why_a_request_went_forward_is_still_known_after_interim_responses()
    {
        Origin.Acts("/hinted", side => side.Sends(
            "HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\nHTTP/1.1 200 X\r\nCache-Control: max-age=2\r\nVary: X\r\nContent-Length: 4\r\n\r\nword"));
        await Client.Asks("/hinted", "X: 1").Gets(200, "word", Outcome.Stored);
        await Client.Asks("/hinted", "X: 2").Gets(200, "word", Outcome.VaryMiss);
        Clock.Passes(3.Seconds());
        await Client.Asks("/hinted", "X: 1").Gets(200, "word", Outcome.Stale);
    }

    [Fact, Trait("Needs", "Process"), Trait("Promise", "P1")]
    public async Task Who_comes_back_after_the_fetch_has_ended_still_gets_what_it_brought()
    {
        Origin.Acts("/hinted", side => side.Sends(
            "HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\nHTTP/1.1 200 X\r\nCache-Control: no-store\r\nContent-Length: 4\r\n\r\nword"));
        var uri = new Uri(Process.Url, Origin.Scene + "/hinted").AbsoluteUri;
        var owner = Process.Services.GetRequiredService<IGrainFactory>().GetGrain<IResourceGrain>(uri);
        var route = new OriginRoute(Origin.Url[..^Origin.Scene.Length], Origin.Scene + "/hinted", IsConfigured: true);
        var question = new Question { Presented = new RequestHead("GET", uri, FieldLines.Empty), Route = route, WantsInterims = true };
        var interim = Assert.IsType<Answer.Interim>(await owner.Ask(question));
        for (var i = 0; i < 1000; i++) Assert.IsType<Answer.Pass>(await owner.Ask(question)); // others ask meanwhile, and the fetch ends
        var served = Assert.IsType<Answer.Serve>(await owner.Ask(question with { Ticket = interim.Ticket }));
        Assert.Equal(4, served.Content.Length);
        Origin.WasAsked("/hinted", 1);
    }

    [Fact, Trait("Promise", "P5")]
    public async Task Given_early_hints_when_the_answer_is_private_then_each_follower_gets_its_own()
    {
        var gate = new TaskCompletionSource();
        Origin.Acts("/mine", async side =>
        {
            await side.Sends("HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\n");
            await gate.Task;
            await side.Answers(200, ["Cache-Control: private"], "for " + side.Request.Fields.First("X-User"));
        });
        var asking = Enumerable.Range(0, 20).Select(i => Client.Asks("/mine", $"X-User: {i}")).ToList();
        await Origin.IsAsked("/mine");
        gate.SetResult();
        for (var i = 0; i < asking.Count; i++) await asking[i].Gets(200, $"for {i}");
        Origin.WasAsked("/mine", 20);
    }
}
