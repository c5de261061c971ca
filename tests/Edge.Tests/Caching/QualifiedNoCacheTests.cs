using Granary.Language;

namespace Granary.Edge.Tests.Caching;

[Collection(CachingCollection.Name)]
public sealed class QualifiedNoCacheTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Spec", "RFC 9111 §5.2.2.4"), Trait("Kind", "required")]
    public async Task The_fields_of_a_qualified_no_cache_reach_nobody_without_validation()
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=2, no-cache=\"a, Set-Cookie\"", "ETag: \"1\"", "A: 1", "B: 2", "Set-Cookie: c=d"], "a");
        (await Client.Asks("/a").Gets(200, "a", Outcome.Stored)).Has("A: 1").Has("Set-Cookie: c=d");
        (await Client.Asks("/a").Gets(200, "a", Outcome.Hit)).HasNo("A").HasNo("Set-Cookie").Has("B: 2");
        Clock.Passes(3.Seconds());
        Origin.Answers("/a", 304, ["ETag: \"1\"", "A: 3"]);
        (await Client.Asks("/a").Gets(200, "a", Outcome.Validated)).Has("A: 3").Has("B: 2");
        (await Client.Asks("/a").Gets(200, "a", Outcome.Hit)).HasNo("A").HasNo("Set-Cookie");
    }

    [Fact, Trait("Spec", "RFC 9111 §5.2.2.4"), Trait("Kind", "required")]
    public async Task With_a_field_that_cannot_be_left_out_the_whole_is_validated()
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60, no-cache=\"Content-Type\"", "ETag: \"1\"", "Content-Type: text/plain"], "a");
        await Client.Asks("/a").Gets(200, "a", Outcome.Stored);
        await Client.Asks("/a").Gets(200, "a", Outcome.Stale);
    }
}
