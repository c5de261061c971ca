using Granary.Edge.Tests.Caching;
using Granary.Language;

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
