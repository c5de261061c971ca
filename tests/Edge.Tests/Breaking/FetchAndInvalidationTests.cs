using Granary.Edge.Tests.Caching;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Granary.Edge.Tests.Breaking;

/// <summary>An invalidation that meets a fetch half-way, and an activation that is lost while its fetch is under way (P1, P2).</summary>
[Collection(CachingCollection.Name)]
public sealed class FetchAndInvalidationTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Promise", "P2")]
    public async Task A_304_that_was_asked_for_before_an_invalidation_revives_nothing()
    {
        var gate = await StaleWithValidationUnderWay(side => side.Answers(304, ["ETag: \"1\"", "Cache-Control: max-age=60"]), out var before);
        await Client.Sends("PUT", "/item", [], "x").Gets(204);
        gate.SetResult();
        await before.Gets(200, "new");
        await Client.Asks("/item").Gets(200, "new", Outcome.Hit);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_fetch_that_fails_after_an_invalidation_is_not_answered_with_what_was_invalidated()
    {
        var gate = await StaleWithValidationUnderWay(side => { side.Closes(); return Task.CompletedTask; }, out var before);
        await Client.Sends("PUT", "/item", [], "x").Gets(204);
        gate.SetResult();
        await before.Gets(502);
    }

    [Fact, Trait("Needs", "Process"), Trait("Promise", "P2")]
    public async Task An_activation_that_comes_up_during_a_fetch_takes_nobody_for_having_asked_before_it()
    {
        var gate = new TaskCompletionSource();
        var count = 0;
        Origin.Acts("/feed", async side =>
        {
            var mine = Interlocked.Increment(ref count);
            if (mine == 2) await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=10, stale-while-revalidate=60"], $"answer {mine}");
        });
        for (var i = 0; i < 5; i++) await Client.Asks("/feed").Gets(200, "answer 1");
        Clock.Passes(20.Seconds());
        await Client.Asks("/feed").Gets(200, "answer 1", Outcome.StaleHit);
        await Origin.IsAsked("/feed", 2);
        Clock.Passes(1.Seconds());
        await Process.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        var late = Client.Asks("/feed", "Cache-Control: no-cache");
        await Client.Asks("/feed").Gets(200, "answer 1", Outcome.StaleHit);
        gate.SetResult();
        await late.Gets(200, "answer 3");
        Origin.WasAsked("/feed", 3);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
    public async Task A_304_that_nobody_asked_for_is_not_combined_with_what_is_stored()
    {
        Origin.Answers("/item", 200, ["Cache-Control: max-age=1, must-revalidate"], "old");
        await Client.Asks("/item").Gets(200, "old");
        Clock.Passes(2.Seconds());
        Origin.Answers("/item", 304, ["Cache-Control: max-age=60"]);
        await Client.Asks("/item").Gets(502);
        await Client.Asks("/item").Gets(502);
        Origin.WasAsked("/item", 3);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
    public async Task A_cookie_set_by_a_304_reaches_the_one_client_it_was_set_for()
    {
        Origin.Answers("/item", 200, ["Cache-Control: max-age=2", "ETag: \"1\""], "cat");
        await Client.Asks("/item").Gets(200, "cat");
        Clock.Passes(3.Seconds());
        Origin.Answers("/item", 304, ["ETag: \"1\"", "Set-Cookie: s=1"]);
        (await Client.Asks("/item").Gets(200, "cat", Outcome.Validated)).Has("Set-Cookie: s=1");
        (await Client.Asks("/item").Gets(200, "cat", Outcome.Hit)).HasNo("Set-Cookie");
    }

    // Two are under way when this returns: a stored response that is stale, and its validation, held by the gate.
    private Task<TaskCompletionSource> StaleWithValidationUnderWay(Func<OriginSide, Task> then, out Asking before)
    {
        var gate = new TaskCompletionSource();
        var gets = 0;
        Origin.Acts("/item", async side =>
        {
            if (side.Request.Method == "PUT") await side.Answers(204, []);
            else if (!side.Request.Fields.Has("If-None-Match"))
                await side.Answers(200, ["Cache-Control: max-age=2", "ETag: \"1\""], Interlocked.Increment(ref gets) == 1 ? "old" : "new");
            else
            {
                await gate.Task;
                await then(side);
            }
        });
        before = AsksStale();
        return Ready();

        Asking AsksStale()
        {
            Client.Asks("/item").Gets(200, "old").GetAwaiter().GetResult();
            Clock.Passes(3.Seconds());
            return Client.Asks("/item");
        }

        async Task<TaskCompletionSource> Ready()
        {
            await Origin.IsAsked("/item", 2);
            return gate;
        }
    }
}
