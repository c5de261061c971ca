using Granary.Language;

namespace Granary.Edge.Tests.Caching;

[Collection(CachingCollection.Name)]
public sealed class VaryTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "optimal")]
    public async Task Gzip_answers_whoever_could_get_nothing_better_and_nobody_else()
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "Vary: Accept-Encoding", "Content-Encoding: gzip"], "gz");
        await Client.Asks("/a", "Accept-Encoding: gzip, br").Gets(200, "gz", Outcome.Stored);
        await Client.Asks("/a", "Accept-Encoding: br;q=1.0 ,GZIP").Gets(200, "gz", Outcome.Hit);
        await Client.Asks("/a", "Accept-Encoding: gzip").Gets(200, "gz", Outcome.Hit);
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "Vary: Accept-Encoding"], "plain");
        await Client.Asks("/a").Gets(200, "plain", Outcome.VaryMiss);
        await Client.Asks("/a", "Accept-Encoding: zstd, gzip").Gets(200, "plain", Outcome.VaryMiss);
        await Client.Asks("/a", "Accept-Encoding: gzip;q=0").Gets(200, "plain", Outcome.VaryMiss);
        await Client.Asks("/a", "Accept-Encoding: gzip").Gets(200, "gz", Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "optimal")]
    public async Task The_order_of_languages_says_nothing()
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=60", "Vary: Accept-Language"], "a");
        await Client.Asks("/a", "Accept-Language: en, de").Gets(200, "a", Outcome.Stored);
        await Client.Asks("/a", "Accept-Language: de, en").Gets(200, "a", Outcome.Hit);
        await Client.Asks("/a", "Accept-Language: de, en;q=0.5").Gets(200, "a", Outcome.VaryMiss);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "optimal")]
    public async Task On_a_vary_miss_all_variants_are_offered_and_a_304_selects_the_right_one()
    {
        Origin.Acts("/a", side =>
        {
            var want = side.Request.Fields.First("X") is "1" or "3" ? "1" : "2";
            string[] fields = ["Cache-Control: max-age=60", "Vary: X", $"ETag: \"{want}\""];
            var holds = side.Request.Fields.First("If-None-Match")?.Contains($"\"{want}\"", StringComparison.Ordinal) == true;
            return side.Answers(holds ? 304 : 200, fields, holds ? "" : $"content {want}");
        });
        await Client.Asks("/a", "X: 1").Gets(200, "content 1", Outcome.Stored);
        await Client.Asks("/a", "X: 2").Gets(200, "content 2", Outcome.VaryMiss);
        Origin.WasAsked("/a", "If-None-Match: \"1\"");
        (await Client.Asks("/a", "X: 3").Gets(200, "content 1", Outcome.VaryMiss)).Has("Cache-Status: granary; fwd=vary-miss; fwd-status=304");
        await Client.Asks("/a", "X: 3").Gets(200, "content 1", Outcome.Hit);
        await Client.Asks("/a", "X: 1").Gets(200, "content 1", Outcome.Hit);
        await Client.Asks("/a", "X: 2").Gets(200, "content 2", Outcome.Hit);
        await Client.Asks("/a", "X: 4", "If-None-Match: \"2\"").Gets(304, "");
        Origin.WasAsked("/a", 4);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
    public async Task A_304_that_does_not_say_which_variant_it_means_is_not_used()
    {
        Origin.Acts("/a", side => side.Request.Fields.Has("If-None-Match")
            ? side.Answers(304, ["Cache-Control: max-age=60"])
            : side.Answers(200, ["Cache-Control: max-age=60", "Vary: X", $"ETag: \"{side.Request.Fields.First("X")}\""], side.Request.Fields.First("X") ?? ""));
        await Client.Asks("/a", "X: 1").Gets(200, "1", Outcome.Stored);
        await Client.Asks("/a", "X: 2").Gets(200, "2", Outcome.VaryMiss);
        await Client.Asks("/a", "X: 1").Gets(200, "1", Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public async Task A_weak_tag_is_no_offer_to_another_variant()
    {
        Origin.Acts("/a", side => side.Request.Fields.Has("If-None-Match")
            ? side.Answers(304, ["ETag: W/\"x\""])
            : side.Answers(200, ["Cache-Control: max-age=60", "Vary: Accept-Encoding", "ETag: W/\"x\""], side.Request.Fields.First("Accept-Encoding") ?? "plain"));
        await Client.Asks("/a", "Accept-Encoding: gzip").Gets(200, "gzip", Outcome.Stored);
        await Client.Asks("/a", "Accept-Encoding: identity").Gets(200, "identity", Outcome.VaryMiss);
    }

    [Fact, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required")]
    public async Task To_a_client_with_credentials_only_variants_for_all_are_offered()
    {
        Origin.Acts("/a", side => side.Answers(200, ["Cache-Control: max-age=60", "Vary: X", $"ETag: \"{side.Request.Fields.First("X")}\""], side.Request.Fields.First("X") ?? ""));
        await Client.Asks("/a", "X: 1").Gets(200, "1", Outcome.Stored);
        Origin.Acts("/a", side => side.Answers(200, ["Cache-Control: public, max-age=60", "Vary: X", $"ETag: \"{side.Request.Fields.First("X")}\""], side.Request.Fields.First("X") ?? ""));
        await Client.Asks("/a", "X: 2").Gets(200, "2", Outcome.VaryMiss);
        await Client.Asks("/a", "X: 3", "Authorization: a").Gets(200, "3");
        Origin.WasAsked("/a", "If-None-Match: \"2\"");
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
    public async Task A_304_with_a_strong_tag_freshens_every_stored_response_that_has_it()
    {
        Origin.Answers("/a", 200, ["Cache-Control: max-age=2", "Vary: X", "ETag: \"same\"", "Y: old"], "a");
        await Client.Asks("/a", "X: 1").Gets(200, "a", Outcome.Stored);
        Origin.Answers("/a", 200, ["Cache-Control: max-age=2", "Vary: X", "ETag: \"same\"", "Y: old"], "a");
        await Client.Asks("/a", "X: 2").Gets(200, "a", Outcome.VaryMiss);
        Clock.Passes(3.Seconds());
        Origin.Answers("/a", 304, ["Cache-Control: max-age=60", "ETag: \"same\"", "Y: new"]);
        (await Client.Asks("/a", "X: 1").Gets(200, "a", Outcome.Validated)).Has("Y: new");
        (await Client.Asks("/a", "X: 2").Gets(200, "a", Outcome.Hit)).Has("Y: new");
        Origin.WasAsked("/a", 3);
    }
}
