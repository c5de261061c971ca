using Granary.Language;

namespace Granary.Edge.Tests.Caching;

[Collection(CachingCollection.Name), Trait("Against", "AnyAddress"), Trait("Needs", "ConfiguredOrigin")]
public sealed class TargetedTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Spec", "RFC 9213 §2.2"), Trait("Kind", "required")]
    public async Task A_targeted_field_decides_before_Cache_Control_and_Expires_and_is_passed_on()
    {
        Origin.Answers("/a", 200, ["CDN-Cache-Control: max-age=2", "Cache-Control: no-store", "Expires: 0"], "a");
        (await Client.Asks("/a").Gets(200, "a", Outcome.Stored)).Has("CDN-Cache-Control: max-age=2").Has("Cache-Control: no-store");
        (await Client.Asks("/a").Gets(200, "a", Outcome.Hit)).Has("CDN-Cache-Control: max-age=2").Has("Cache-Control: no-store");
        Clock.Passes(3.Seconds());
        await Client.Asks("/a").Gets(200, "a", Outcome.Stale);
    }

    [Fact, Trait("Spec", "RFC 9213 §2.2"), Trait("Kind", "required")]
    public async Task Our_own_field_goes_before_that_for_all_CDNs()
    {
        Origin.Answers("/a", 200, ["CDN-Cache-Control: max-age=600", "Granary-Cache-Control: no-store"], "a");
        await Client.Asks("/a").Gets(200, "a", Outcome.NotStored);
        await Client.Asks("/a").Gets(200, "a", Outcome.NotStored);
    }

    [Theory, Trait("Spec", "RFC 9213 §2.1"), Trait("Kind", "required")]
    [InlineData("max-age=60, &&&&&")]
    [InlineData("max-age=\"60\"")]
    [InlineData("")]
    public async Task An_invalid_or_empty_targeted_field_is_ignored(string value)
    {
        Origin.Answers("/a", 200, [$"CDN-Cache-Control: {value}", "Cache-Control: no-store"], "a");
        await Client.Asks("/a").Gets(200, "a", Outcome.NotStored);
        await Client.Asks("/a").Gets(200, "a", Outcome.NotStored);
    }

    [Fact, Trait("Spec", "RFC 9213 §2.2"), Trait("Kind", "required")]
    public async Task Under_a_targeted_must_revalidate_nothing_stale_is_served()
    {
        Origin.Answers("/a", 200, ["CDN-Cache-Control: max-age=1, must-revalidate", "Cache-Control: max-age=1, stale-if-error=600", "ETag: \"1\""], "a");
        await Client.Asks("/a").Gets(200, "a", Outcome.Stored);
        Clock.Passes(2.Seconds());
        Origin.Answers("/a", 503, []);
        await Client.Asks("/a").Gets(503);
    }

    [Fact, Trait("Needs", "Process"), Trait("Spec", "RFC 9213 §3"), Trait("Kind", "check")]
    public async Task A_forward_proxy_is_no_CDN()
    {
        await using var origin = Language.Origin.Starts();
        await using var proxy = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8"]);
        using var client = proxy.ForwardClient(origin);
        origin.Answers("/a", 200, ["CDN-Cache-Control: max-age=60", "Cache-Control: no-store"], "a");
        await client.Asks("/a").Gets(200, "a", Outcome.NotStored);
    }
}
