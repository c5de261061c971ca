using Granary.Edge.Tests.Caching;
using Granary.Language;

namespace Granary.Edge.Tests.Collapsing;

[Collection(CachingCollection.Name)]
public sealed class CollapsingTests(CachingWorld world) : CachingScene(world)
{
    private static readonly string[] Storable = ["Cache-Control: max-age=60", "Transfer-Encoding: chunked"];

    [Fact, Trait("Promise", "P1")]
    public async Task Given_many_clients_on_a_cold_URL_then_the_origin_is_asked_once_and_all_get_the_same()
    {
        var gate = new TaskCompletionSource();
        Origin.Acts("/cold", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60"], "warm");
        });
        var asking = Enumerable.Range(0, 200).Select(_ => Client.Asks("/cold")).ToList();
        await Origin.IsAsked("/cold");
        gate.SetResult();
        foreach (var one in asking) await one.Gets(200, "warm");
        Origin.WasAsked("/cold", 1);
    }

    [Fact, Trait("Promise", "P1")]
    public async Task Followers_get_bytes_as_they_arrive_not_after_the_end()
    {
        var rest = new TaskCompletionSource();
        Origin.Acts("/slow", async side =>
        {
            await side.Answers(200, Storable, "5\r\nfirst\r\n");
            await rest.Task;
            await side.Sends("4\r\nlast\r\n0\r\n\r\n");
        });
        using var leader = await Client.Asks("/slow").Head;
        using var follower = await Client.Asks("/slow").Head;
        foreach (var response in new[] { leader, follower })
        {
            var bytes = new byte[5];
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(bytes).AsTask().Within();
            Assert.Equal("first"u8, bytes);
        }

        rest.SetResult();
        Assert.Equal("last", await new StreamReader(await follower.Content.ReadAsStreamAsync()).ReadToEndAsync());
        Origin.WasAsked("/slow", 1);
    }

    [Fact, Trait("Promise", "P1")]
    public async Task The_fetch_goes_on_when_the_client_that_caused_it_leaves()
    {
        var gate = new TaskCompletionSource();
        Origin.Acts("/cold", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60"], "warm");
        });
        using var leaves = new CancellationTokenSource();
        var leader = Client.Sends("GET", "/cold", [], leaves: leaves.Token);
        await Origin.IsAsked("/cold");
        var follower = Client.Asks("/cold");
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader.Gets());
        gate.SetResult();
        await follower.Gets(200, "warm");
        Origin.WasAsked("/cold", 1);
    }

    [Fact, Trait("Promise", "P4")]
    public async Task When_the_fetch_breaks_all_see_a_cut_and_nothing_is_stored()
    {
        var rest = new TaskCompletionSource();
        Origin.Acts("/broken", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 10\r\n\r\nhalf");
            await rest.Task;
            side.Closes();
        });
        var both = new[] { Client.Asks("/broken"), Client.Asks("/broken") };
        foreach (var one in both) _ = await one.Head;
        rest.SetResult();
        foreach (var one in both) await one.IsCut();
        Origin.Answers("/broken", 200, ["Cache-Control: max-age=60"], "whole");
        await Client.Asks("/broken").Gets(200, "whole", Outcome.Stored);
    }

    [Fact, Trait("Promise", "P5")]
    public async Task When_the_response_turns_out_private_each_client_gets_its_own()
    {
        var first = new TaskCompletionSource();
        var count = 0;
        Origin.Acts("/mine", async side =>
        {
            var mine = Interlocked.Increment(ref count);
            if (mine == 1) await first.Task;
            await side.Answers(200, ["Cache-Control: private"], "for " + side.Request.Fields.First("X-User"));
        });
        var asking = Enumerable.Range(0, 20).Select(i => Client.Asks("/mine", $"X-User: {i}")).ToList();
        await Origin.IsAsked("/mine");
        first.SetResult();
        for (var i = 0; i < asking.Count; i++) await asking[i].Gets(200, $"for {i}");
    }

    [Fact]
    public async Task Behind_a_URL_known_as_uncacheable_nobody_waits_for_another()
    {
        Origin.Answers("/live", 200, ["Cache-Control: no-store"], "1");
        await Client.Asks("/live").Gets(200, "1");
        var gate = new TaskCompletionSource();
        Origin.Acts("/live", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: no-store"], "2");
        });
        var asking = Enumerable.Range(0, 20).Select(_ => Client.Asks("/live")).ToList();
        await Origin.IsAsked("/live", 21); // all of them are at the origin at the same time
        gate.SetResult();
        foreach (var one in asking) await one.Gets(200, "2", Outcome.NotStored);
    }

    [Fact, Trait("Spec", "RFC 9111 §5.2.2.4"), Trait("Kind", "required")]
    public async Task A_response_that_must_be_validated_is_shared_only_by_those_who_asked_before_the_fetch_began()
    {
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var count = 0;
        Origin.Acts("/always", async side =>
        {
            var mine = Interlocked.Increment(ref count);
            if (mine <= 2) await gates[mine - 1].Task;
            await side.Answers(200, ["Cache-Control: no-cache", "ETag: \"1\""], $"answer {mine}");
        });
        var leader = Client.Asks("/always");
        await Origin.IsAsked("/always");
        var followers = Enumerable.Range(0, 10).Select(_ => Client.Asks("/always")).ToList();
        gates[0].SetResult();
        await leader.Gets(200, "answer 1");
        await Origin.IsAsked("/always", 2);
        gates[1].SetResult();
        foreach (var one in followers) Assert.NotEqual("answer 1", (await one.Gets(200)).Content);
        Assert.InRange(Origin.Requests("/always").Count, 2, 21); // most share one; nobody looks up more than twice
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_fetch_that_began_before_an_invalidation_is_not_stored()
    {
        var gate = new TaskCompletionSource();
        var gets = 0;
        Origin.Acts("/item", async side =>
        {
            if (side.Request.Method != "GET")
            {
                await side.Answers(204, []);
                return;
            }

            var mine = Interlocked.Increment(ref gets);
            if (mine == 1) await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60"], $"version {mine}");
        });
        var before = Client.Asks("/item");
        await Origin.IsAsked("/item");
        await Client.Sends("PUT", "/item", [], "x").Gets(204);
        gate.SetResult();
        await before.Gets(200, "version 1");
        await Client.Asks("/item").Gets(200, "version 2", Outcome.Stored);
        await Client.Asks("/item").Gets(200, "version 2", Outcome.Hit);
    }
}
