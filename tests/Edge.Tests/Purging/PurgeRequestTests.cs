using Granary.Edge.Tests.Caching;
using Granary.Language;

namespace Granary.Edge.Tests.Purging;

[Collection(CachingCollection.Name)]
public sealed class PurgeRequestTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Promise", "P2")]
    public async Task PURGE_removes_every_variant_of_the_URL_and_is_not_forwarded()
    {
        Origin.Acts("/page", side => side.Answers(200, ["Cache-Control: max-age=60", "Vary: Accept-Language"], side.Request.Fields.First("Accept-Language")!));
        foreach (var language in new[] { "de", "fr" }) await Client.Asks("/page", $"Accept-Language: {language}").Gets(200, language);
        await Client.Sends("PURGE", "/page", []).Gets(200, "{\"purged\":2}\n");
        await Client.Asks("/page", "Accept-Language: de").Gets(200, "de", Outcome.Stored);
        Assert.DoesNotContain(Origin.Requests("/page"), request => request.Method == "PURGE");
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_fetch_that_began_before_PURGE_serves_those_who_wait_and_is_not_stored()
    {
        var gate = new TaskCompletionSource();
        var count = 0;
        Origin.Acts("/page", async side =>
        {
            var mine = Interlocked.Increment(ref count);
            if (mine == 1) await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60"], $"version {mine}");
        });
        var before = Client.Asks("/page");
        await Origin.IsAsked("/page");
        await Client.Sends("PURGE", "/page", []).Gets(200);
        gate.SetResult();
        await Client.Asks("/page").Gets(200, "version 2", Outcome.Stored);
        await before.Gets(200, "version 1");
        await Client.Asks("/page").Gets(200, "version 2", Outcome.Hit);
    }
}

public sealed class PurgeAccessTests
{
    [Fact, Trait("Promise", "P8")]
    public async Task A_client_that_is_not_permitted_cannot_purge()
    {
        await using var origin = Origin.Starts();
        await using var granary = await OneProcess.Starts(origin, ["--Granary:Access:PurgeFrom", "10.0.0.0/8"]);
        using var client = granary.Client();
        origin.Answers("/page", 200, ["Cache-Control: max-age=60"], "page");
        await client.Asks("/page").Gets(200, "page");
        await client.Sends("PURGE", "/page", []).Gets(403);
        await client.Asks("/page").Gets(200, "page", Outcome.Hit);
    }
}
