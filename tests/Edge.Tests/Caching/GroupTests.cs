using Granary.Grains.Groups;
using Granary.Language;
using Granary.Semantics.Invalidation;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Caching;

[Collection(CachingCollection.Name)]
public sealed class GroupTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Spec", "RFC 9875 §3"), Trait("Kind", "optimal")]
    public async Task An_unsafe_request_invalidates_the_groups_it_names_and_no_others()
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "Cache-Groups: \"x\", \"y\";p"], "a");
        Origin.Answers("/b", 200, ["Cache-Control: max-age=60", "Cache-Groups: \"X\", \"z\""], "b");
        Origin.Answers("/c", 200, ["Cache-Control: max-age=60", "Cache-Groups: y"], "c");
        Origin.Answers("/change", 200, ["Cache-Group-Invalidation: \"w\", \"y\""], "");
        foreach (var path in new[] { "/a", "/b", "/c" }) await Client.Asks(path).Gets(200, path[1..], Outcome.Stored);
        await Client.Sends("POST", "/change", [], "x").Gets(200);
        await Client.Asks("/a").Gets(200, "a", Outcome.Stored);
        await Client.Asks("/a").Gets(200, "a", Outcome.Hit);
        await Client.Asks("/b").Gets(200, "b", Outcome.Hit);
        await Client.Asks("/c").Gets(200, "c", Outcome.Hit);
    }

    [Theory, Trait("Spec", "RFC 9875 §3"), Trait("Kind", "required")]
    [InlineData("GET", "\"x\"")]
    [InlineData("POST", "x")]
    [InlineData("POST", "\"x\", 1")]
    [InlineData("POST", "\"x\",")]
    public async Task The_field_is_ignored_on_safe_methods_and_where_it_is_no_list_of_strings(string method, string value)
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "Cache-Groups: \"x\""], "a");
        Origin.Answers("/change", 200, ["Cache-Control: no-store", $"Cache-Group-Invalidation: {value}"], "");
        await Client.Asks("/a").Gets(200, "a", Outcome.Stored);
        await Client.Sends(method, "/change", []).Gets(200);
        await Client.Asks("/a").Gets(200, "a", Outcome.Hit);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Given_a_fetch_under_way_when_its_group_is_invalidated_then_what_it_brings_is_not_reused()
    {
        var gate = new TaskCompletionSource();
        Origin.Acts("/a", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60", "Cache-Groups: \"x\""], "old");
        });
        Origin.Answers("/change", 200, ["Cache-Group-Invalidation: \"x\""], "");
        var before = Client.Asks("/a");
        await Origin.IsAsked("/a");
        await Client.Sends("DELETE", "/change", []).Gets(200);
        gate.SetResult();
        await before.Gets(200, "old");
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "Cache-Groups: \"x\""], "new");
        await Client.Asks("/a").Gets(200, "new", Outcome.Stored);
    }

    [Theory, Trait("Needs", "Process")]
    [InlineData("Surrogate-Key: one two", "two")]
    [InlineData("Cache-Tag: one,two", "one")]
    public async Task A_surrogate_key_invalidates_and_is_not_passed_on(string field, string tag)
    {
        tag += Origin.Scene;
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", field.Replace("one", "one" + Origin.Scene, StringComparison.Ordinal).Replace("two", "two" + Origin.Scene, StringComparison.Ordinal), "ETag: \"1\""], "a");
        Origin.Answers("/b", 200, ["Cache-Control: no-store", field], "b");
        var name = field.Split(':')[0];
        (await Client.Asks("/a").Gets(200, "a", Outcome.Stored)).HasNo(name);
        (await Client.Asks("/a").Gets(200, "a", Outcome.Hit)).HasNo(name);
        (await Client.Asks("/b").Gets(200, "b", Outcome.NotStored)).HasNo(name);
        (await Client.Sends("POST", "/b", [], "x").Gets(200, "b")).HasNo(name);
        Clock.Passes(61.Seconds());
        Origin.Answers("/a", 304, ["Cache-Control: max-age=60", "ETag: \"1\""]);
        (await Client.Asks("/a").Gets(200, "a", Outcome.Validated)).HasNo(name);
        await Client.Asks("/a").Gets(200, "a", Outcome.Hit);

        Process.Services.GetRequiredService<GroupEpochs>().Invalidate([CacheGroups.Tag(tag)]);
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60"], "new");
        await Client.Asks("/a").Gets(200, "new", Outcome.Stored);
        Origin.WasAskedWithout("/a", "If-None-Match");
    }
}
