using Granary.Edge.Tests.Caching;
using Granary.Language;

namespace Granary.Edge.Tests.Partial;

[Collection(CachingCollection.Name)]
public sealed class PartialTests(CachingWorld world) : CachingScene(world)
{
    private const long Mi = LargeFile.Mi;
    private static readonly Outcome Partly = new("fwd=partial", p => p.Contains("fwd=partial"));

    private static string Bytes(long first, long last) => $"Range: bytes={first}-{last}";

    private LargeFile Serves(string path, long length, string lifetime = "Cache-Control: max-age=60")
    {
        var file = new LargeFile(length, lifetime: lifetime);
        Origin.Acts(path, file.Serve);
        return file;
    }

    [Fact, Trait("Needs", "Clock"), Trait("Spec", "RFC 9111 §3.3"), Trait("Kind", "optimal")]
    public async Task A_range_far_into_an_unknown_file_is_fetched_alone_stored_and_reused()
    {
        var file = Serves("/far", 8 * Mi);
        var got = await Client.Asks("/far", Bytes(6 * Mi - 11, 6 * Mi - 1)).Gets(206, file.Bytes(6 * Mi - 11, 6 * Mi - 1), Outcome.Stored);
        got.Has($"Content-Range: bytes {6 * Mi - 11}-{6 * Mi - 1}/{8 * Mi}").Has("Content-Length: 11").HasNo("Age");
        Origin.WasAsked("/far", Bytes(5 * Mi, 6 * Mi - 1));
        Clock.Passes(10.Seconds());
        var again = await Client.Asks("/far", Bytes(5 * Mi, 6 * Mi - 1)).Gets(206, file.Bytes(5 * Mi, 6 * Mi - 1), Outcome.Hit);
        again.Has("Age: 10").Has("Cache-Status: granary; hit; ttl=50");
        Origin.WasAsked("/far", 1);
    }

    [Fact, Trait("Spec", "RFC 9111 §3.4"), Trait("Kind", "optimal")]
    public async Task Missing_parts_are_fetched_alone_and_joined_to_those_that_are_there()
    {
        var file = Serves("/gap", 8 * Mi);
        await Client.Asks("/gap", Bytes(3 * Mi, 3 * Mi)).Gets(206);
        await Client.Asks("/gap", Bytes(5 * Mi, 5 * Mi)).Gets(206, file.Bytes(5 * Mi, 5 * Mi), Partly);
        Origin.WasAsked("/gap", Bytes(5 * Mi, 6 * Mi - 1), "If-Range: \"v1\"");
        await Client.Asks("/gap", Bytes(3 * Mi + 5, 6 * Mi - 5)).Gets(206, file.Bytes(3 * Mi + 5, 6 * Mi - 5), Partly);
        Origin.WasAsked("/gap", Bytes(4 * Mi, 5 * Mi - 1), "If-Range: \"v1\"");
        await Client.Asks("/gap", Bytes(3 * Mi, 6 * Mi - 1)).Gets(206, file.Bytes(3 * Mi, 6 * Mi - 1), Outcome.Hit);
        Origin.WasAsked("/gap", 3);
    }

    [Fact, Trait("Spec", "RFC 9111 §3.4"), Trait("Kind", "optimal")]
    public async Task A_request_for_the_whole_fetches_what_is_missing_and_then_is_a_hit()
    {
        var file = Serves("/whole", 4 * Mi);
        await Client.Asks("/whole", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        var got = await Client.Asks("/whole").Gets(200, file.Tail(0), Partly);
        got.Has($"Content-Length: {4 * Mi}").HasNo("Content-Range");
        Assert.Equal(["bytes=0-2097151", "bytes=3145728-"], Origin.Requests("/whole").Skip(1).Select(request => request.Fields.First("Range")).Order());
        await Client.Asks("/whole").Gets(200, file.Tail(0), Outcome.Hit);
        await Client.Asks("/whole", "Range: bytes=-5").Gets(206, file.Tail(4 * Mi - 5), Outcome.Hit);
        await Client.Sends("HEAD", "/whole", []).Gets(200, "", Outcome.Hit);
        Origin.WasAsked("/whole", 3);
    }

    [Fact, Trait("Spec", "RFC 9110 §14.6"), Trait("Kind", "optimal")]
    public async Task Several_ranges_are_cut_out_of_several_parts()
    {
        var file = Serves("/many", 6 * Mi);
        await Client.Asks("/many", Bytes(3 * Mi - 1, 3 * Mi - 1)).Gets(206);
        await Client.Asks("/many", Bytes(4 * Mi - 1, 4 * Mi - 1)).Gets(206);
        var got = await Client.Asks("/many", $"Range: bytes={3 * Mi - 2}-{3 * Mi + 1}, {2 * Mi}-{2 * Mi + 2}").Gets(206);
        got.Was(Outcome.Hit);
        Assert.StartsWith("multipart/byteranges; boundary=", got.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Contains($"Content-Range: bytes {3 * Mi - 2}-{3 * Mi + 1}/{6 * Mi}\r\n\r\n{file.Bytes(3 * Mi - 2, 3 * Mi + 1)}\r\n--", got.Content, StringComparison.Ordinal);
        Assert.Contains($"Content-Range: bytes {2 * Mi}-{2 * Mi + 2}/{6 * Mi}\r\n\r\n{file.Bytes(2 * Mi, 2 * Mi + 2)}\r\n--", got.Content, StringComparison.Ordinal);
    }

    [Fact, Trait("Spec", "RFC 9110 §14.1.2"), Trait("Kind", "optimal")]
    public async Task A_suffix_of_an_unknown_file_is_asked_for_as_it_is()
    {
        var file = Serves("/suffix", 3 * Mi);
        await Client.Asks("/suffix", "Range: bytes=-10").Gets(206, file.Tail(3 * Mi - 10), Outcome.Stored);
        Origin.WasAsked("/suffix", "Range: bytes=-10");
        await Client.Asks("/suffix", "Range: bytes=-3").Gets(206, file.Tail(3 * Mi - 3), Outcome.Hit);
        await Client.Asks("/suffix", $"Range: bytes={3 * Mi - 4}-").Gets(206, file.Tail(3 * Mi - 4), Outcome.Hit);
        Origin.WasAsked("/suffix", 1);
    }

    [Fact, Trait("Spec", "RFC 9110 §15.3.7.3"), Trait("Kind", "required"), Trait("Fault", "40")]
    public async Task Parts_of_two_representations_are_never_combined()
    {
        var file = Serves("/changed", 4 * Mi);
        await Client.Asks("/changed", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        file.ETag = "\"v2\"";
        await Client.Asks("/changed", Bytes(2 * Mi, 4 * Mi - 1)).Gets(206, file.Tail(2 * Mi)); // If-Range fails: 200
        await Client.Asks("/changed").Gets(200, file.Tail(0), Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 9110 §15.3.7.3"), Trait("Kind", "required"), Trait("Fault", "40")]
    public async Task A_206_with_another_validator_than_If_Range_asked_for_begins_anew()
    {
        var file = Serves("/swapped", 4 * Mi);
        await Client.Asks("/swapped", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        file.ETag = "\"v2\"";
        Origin.Acts("/swapped", async side => // an origin that does not know If-Range
        {
            var text = side.Request.Fields.First("Range") ?? "bytes=0-";
            var ends = text["bytes=".Length..].Split('-');
            var (first, last) = (long.Parse(ends[0]), ends[1].Length > 0 ? long.Parse(ends[1]) : 4 * Mi - 1);
            await side.Answers(206, file.Fields([$"Content-Range: bytes {first}-{last}/{4 * Mi}"]), file.Bytes(first, last));
        });
        await Client.Asks("/swapped", Bytes(2 * Mi + 5, 4 * Mi - 1)).Gets(206, file.Tail(2 * Mi + 5));
        await Client.Asks("/swapped", Bytes(2 * Mi, 3 * Mi)).Gets(206, file.Bytes(2 * Mi, 3 * Mi), Outcome.Hit);
    }

    [Theory, Trait("Spec", "RFC 9110 §15.3.7"), Trait("Kind", "required"), Trait("Fault", "40")]
    [InlineData("Content-Range: bytes 2097152-2097155/4194304")]
    [InlineData("Content-Range: bytes 0-3/4194304")]
    [InlineData("Content-Range: bytes 3145728-3145732/4194304")]
    [InlineData("Content-Range: bytes 3145728-3145731/*")]
    [InlineData("Content-Range: bytes 3145728-3145731/100")]
    [InlineData("Content-Range: bytes */4194304")]
    [InlineData("Content-Range: cats 1-2/3")]
    [InlineData("X: no range")]
    public async Task A_206_that_is_not_the_part_asked_for_is_not_stored(string field)
    {
        Origin.Answers("/wrong", 206, ["Cache-Control: max-age=60", "ETag: \"v1\"", field], "abcd");
        await Client.Asks("/wrong", "Range: bytes=3145728-3145731").Gets(206, "abcd", Outcome.NotStored);
        var file = Serves("/wrong", 4 * Mi);
        await Client.Asks("/wrong", "Range: bytes=3145728-3145731").Gets(206, file.Bytes(3 * Mi, 3 * Mi + 3), Outcome.Stored);
        await Client.Asks("/wrong").Gets(200, file.Tail(0));
    }

    [Fact, Trait("Spec", "RFC 9111 §3.4"), Trait("Kind", "required")]
    public async Task Parts_without_a_strong_validator_are_reused_alone_and_not_combined()
    {
        var file = Serves("/weak", 4 * Mi);
        file.ETag = "W/\"v1\"";
        await Client.Asks("/weak", Bytes(2 * Mi, 2 * Mi + 9)).Gets(206, file.Bytes(2 * Mi, 2 * Mi + 9), Outcome.Stored);
        await Client.Asks("/weak", Bytes(3 * Mi, 3 * Mi + 9)).Gets(206, file.Bytes(3 * Mi, 3 * Mi + 9));
        Origin.WasAskedWithout("/weak", "If-Range");
        await Client.Asks("/weak", Bytes(2 * Mi, 2 * Mi + 9)).Gets(206, file.Bytes(2 * Mi, 2 * Mi + 9), Outcome.Hit);
        await Client.Asks("/weak", Bytes(3 * Mi, 3 * Mi + 9)).Gets(206, file.Bytes(3 * Mi, 3 * Mi + 9), Outcome.Hit);
        await Client.Asks("/weak", Bytes(3 * Mi - 1, 3 * Mi)).Gets(206, file.Bytes(3 * Mi - 1, 3 * Mi));
        Origin.WasAsked("/weak", Bytes(2 * Mi, 4 * Mi - 1));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
    public async Task Stale_parts_that_have_it_all_are_validated_without_their_bytes()
    {
        var file = Serves("/stale", 4 * Mi, "Cache-Control: max-age=2");
        await Client.Asks("/stale", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        Clock.Passes(3.Seconds());
        await Client.Asks("/stale", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Validated);
        Origin.WasAsked("/stale", "If-None-Match: \"v1\"");
        await Client.Asks("/stale", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Hit);
        Origin.WasAsked("/stale", 2);
    }

    [Fact, Trait("Spec", "RFC 9111 §7.3"), Trait("Kind", "required")]
    public async Task A_cookie_set_by_the_304_that_validates_parts_reaches_the_one_client_it_was_set_for()
    {
        var file = Serves("/cookie", 4 * Mi, "Cache-Control: max-age=2");
        await Client.Asks("/cookie", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        Clock.Passes(3.Seconds());
        Origin.Answers("/cookie", 304, ["ETag: \"v1\"", "Set-Cookie: s=1"]);
        (await Client.Asks("/cookie", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Validated)).Has("Set-Cookie: s=1");
        (await Client.Asks("/cookie", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Hit)).HasNo("Set-Cookie");
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.3"), Trait("Kind", "required")]
    public async Task Stale_parts_of_a_file_that_changed_are_replaced()
    {
        var file = Serves("/old", 4 * Mi, "Cache-Control: max-age=2");
        await Client.Asks("/old", Bytes(2 * Mi, 2 * Mi + 5)).Gets(206);
        Clock.Passes(3.Seconds());
        file.ETag = "\"v2\"";
        await Client.Asks("/old", Bytes(2 * Mi, 2 * Mi + 5)).Gets(206, file.Bytes(2 * Mi, 2 * Mi + 5), Outcome.Stale);
        await Client.Asks("/old", Bytes(2 * Mi, 2 * Mi + 5)).Gets(206, file.Bytes(2 * Mi, 2 * Mi + 5), Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 5861 §4"), Trait("Kind", "optimal")]
    public async Task Stale_parts_stand_in_for_an_origin_in_trouble()
    {
        var file = Serves("/trouble", 4 * Mi, "Cache-Control: max-age=1, stale-if-error=60");
        await Client.Asks("/trouble", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        Clock.Passes(2.Seconds());
        Origin.Answers("/trouble", 503, [], "down");
        await Client.Asks("/trouble", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Stale);
        await Client.Asks("/trouble", Bytes(3 * Mi, 3 * Mi)).Gets(503, "down");
    }

    [Fact, Trait("Spec", "RFC 9111 §5.2.2.4"), Trait("Kind", "required")]
    public async Task Parts_that_must_always_be_validated_answer_who_fetched_them_and_then_are_validated()
    {
        var file = Serves("/always", 4 * Mi, "Cache-Control: no-cache");
        await Client.Asks("/always", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Stored);
        await Client.Asks("/always", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Validated);
        Origin.WasAsked("/always", 2);
    }

    [Fact, Trait("Spec", "RFC 9110 §13.1.5"), Trait("Kind", "required")]
    public async Task If_Range_is_evaluated_against_the_parts()
    {
        var file = Serves("/if", 3 * Mi);
        await Client.Asks("/if", Bytes(2 * Mi, 2 * Mi), "If-Range: \"v1\"").Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Stored);
        Origin.WasAskedWithout("/if", "If-Range");
        await Client.Asks("/if", Bytes(2 * Mi, 2 * Mi), "If-Range: \"v1\"").Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Hit);
        await Client.Asks("/if", Bytes(2 * Mi, 2 * Mi), "If-Range: \"v0\"").Gets(200, file.Tail(0), Partly);
        Origin.WasAsked("/if", 2);
    }

    [Fact, Trait("Spec", "RFC 9110 §14.2"), Trait("Kind", "required")]
    public async Task An_origin_that_ignores_Range_is_asked_once_and_the_whole_is_stored()
    {
        var file = new LargeFile(3 * Mi);
        Origin.Acts("/ignores", side => side.Answers(200, file.Fields([]), file.Tail(0)));
        await Client.Asks("/ignores", Bytes(2 * Mi, 3 * Mi - 1)).Gets(206, file.Tail(2 * Mi), Outcome.Stored); // to the end: all of it has arrived
        await Client.Asks("/ignores").Gets(200, file.Tail(0), Outcome.Hit);
        Origin.WasAsked("/ignores", 1);
    }

    [Fact, Trait("Spec", "RFC 9110 §15.5.17"), Trait("Kind", "required")]
    public async Task An_unsatisfiable_range_gets_416_with_the_complete_length()
    {
        var file = Serves("/beyond", 3 * Mi);
        Origin.Acts("/beyond", side => side.Request.Fields.First("Range")?.StartsWith("bytes=9", StringComparison.Ordinal) != true
            ? file.Serve(side)
            : side.Answers(416, [$"Content-Range: bytes */{3 * Mi}"]));
        (await Client.Asks("/beyond", Bytes(9 * Mi, 10 * Mi)).Gets(416)).Has($"Content-Range: bytes */{3 * Mi}");
        await Client.Asks("/beyond", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        (await Client.Asks("/beyond", Bytes(9 * Mi, 10 * Mi)).Gets(416, "", Outcome.Hit)).Has($"Content-Range: bytes */{3 * Mi}").Has("Content-Length: 0");
        (await Client.Asks("/beyond", Bytes(9 * Mi, 10 * Mi), "If-Range: \"v0\"").Gets(200, file.Tail(0))).HasNo("Content-Range");
    }

    [Theory, Trait("Promise", "P5")]
    [InlineData("Cache-Control: private")]
    [InlineData("Cache-Control: no-store")]
    public async Task A_part_that_must_not_be_stored_is_its_askers_alone(string lifetime)
    {
        var file = Serves("/mine", 4 * Mi, lifetime);
        await Client.Asks("/mine", Bytes(2 * Mi + 3, 2 * Mi + 5)).Gets(206, file.Bytes(2 * Mi + 3, 2 * Mi + 5), Outcome.NotStored);
        await Client.Asks("/mine", Bytes(2 * Mi + 3, 2 * Mi + 5)).Gets(206, file.Bytes(2 * Mi + 3, 2 * Mi + 5), Outcome.NotStored);
        Origin.WasAsked("/mine", 2);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public async Task Parts_of_a_variant_answer_only_requests_that_select_it()
    {
        var file = Serves("/vary", 4 * Mi, "Vary: Accept-Language\r\nCache-Control: max-age=60");
        await Client.Asks("/vary", Bytes(2 * Mi, 2 * Mi), "Accept-Language: de").Gets(206);
        await Client.Asks("/vary", Bytes(2 * Mi, 2 * Mi), "Accept-Language: fr").Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Stored);
        await Client.Asks("/vary", Bytes(2 * Mi, 2 * Mi), "Accept-Language: de").Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Hit);
        Origin.WasAsked("/vary", 2);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Invalidation_takes_parts_along_also_those_on_their_way()
    {
        var file = new LargeFile(4 * Mi);
        var gate = new TaskCompletionSource();
        Origin.Acts("/purged", async side =>
        {
            if (side.Request.Method != "GET")
            {
                await side.Answers(204, []);
                return;
            }

            if (side.Request.Fields.First("Range") == "bytes=3145728-") await gate.Task;
            await file.Serve(side);
        });
        await Client.Asks("/purged", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        var underWay = Client.Asks("/purged", Bytes(3 * Mi, 3 * Mi));
        await Origin.IsAsked("/purged", 2);
        await Client.Sends("PUT", "/purged", [], "x").Gets(204);
        gate.SetResult();
        await underWay.Gets(206, file.Bytes(3 * Mi, 3 * Mi));
        await Client.Asks("/purged", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Stored);
        await Client.Asks("/purged", Bytes(3 * Mi, 3 * Mi)).Gets(206, file.Bytes(3 * Mi, 3 * Mi), Partly);
        Origin.WasAsked("/purged", 5);
    }

    [Fact, Trait("Promise", "P1")]
    public async Task Many_clients_on_one_missing_range_cause_one_fetch()
    {
        var file = new LargeFile(4 * Mi);
        var gate = new TaskCompletionSource();
        Origin.Acts("/crowd", async side =>
        {
            await gate.Task;
            await file.Serve(side);
        });
        var asking = Enumerable.Range(0, 50).Select(i => (i, Client.Asks("/crowd", Bytes(2 * Mi + i, 2 * Mi + 2 * i)))).ToList();
        await Origin.IsAsked("/crowd");
        gate.SetResult();
        foreach (var (i, one) in asking) await one.Gets(206, file.Bytes(2 * Mi + i, 2 * Mi + 2 * i));
        Origin.WasAsked("/crowd", 1);
    }

    [Fact]
    public async Task A_far_range_does_not_wait_for_the_whole_that_is_on_its_way()
    {
        var file = new LargeFile(6 * Mi);
        var rest = new TaskCompletionSource();
        Origin.Acts("/slow", async side =>
        {
            if (side.Request.Fields.Has("Range"))
            {
                await file.Serve(side);
                return;
            }

            await side.Answers(200, file.Fields([$"Content-Length: {6 * Mi}"]), file.Bytes(0, 99));
            await rest.Task;
            await side.Sends(file.Tail(100));
        });
        var whole = Client.Asks("/slow");
        _ = await whole.Head;
        await Client.Asks("/slow", Bytes(5 * Mi, 5 * Mi + 9)).Gets(206, file.Bytes(5 * Mi, 5 * Mi + 9), Partly);
        await Client.Asks("/slow", Bytes(5 * Mi, 5 * Mi + 9)).Gets(206, file.Bytes(5 * Mi, 5 * Mi + 9), Outcome.Hit);
        var near = Client.Asks("/slow", Bytes(50, 200));
        rest.SetResult();
        await near.Gets(206, file.Bytes(50, 200));
        await whole.Gets(200, file.Tail(0));
        await Client.Asks("/slow", Bytes(5 * Mi, 5 * Mi + 9)).Gets(206, file.Bytes(5 * Mi, 5 * Mi + 9), Outcome.Hit);
        Origin.WasAsked("/slow", 2);
    }

    [Fact, Trait("Promise", "P4")]
    public async Task When_a_part_breaks_on_its_way_the_client_sees_a_cut_and_it_is_not_stored()
    {
        var file = Serves("/breaks", 4 * Mi);
        await Client.Asks("/breaks", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        var seen = new TaskCompletionSource();
        Origin.Acts("/breaks", async side =>
        {
            await side.Answers(206, file.Fields([$"Content-Range: bytes {3 * Mi}-{4 * Mi - 1}/{4 * Mi}", $"Content-Length: {Mi}"]), file.Bytes(3 * Mi, 3 * Mi + 999));
            await seen.Task;
            side.Closes();
        });
        var asking = Client.Asks("/breaks", Bytes(2 * Mi, 4 * Mi - 1));
        _ = await asking.Head;
        seen.SetResult();
        await asking.IsCut();
        Origin.WasAsked("/breaks", 2);
        Origin.Acts("/breaks", file.Serve);
        await Client.Asks("/breaks", Bytes(2 * Mi, 4 * Mi - 1)).Gets(206, file.Tail(2 * Mi), Partly);
    }

    [Fact, Trait("Spec", "RFC 9111 §5.2.1.7"), Trait("Kind", "required")]
    public async Task Only_if_cached_is_answered_from_parts_that_have_it_all_and_never_forwarded()
    {
        var file = Serves("/only", 4 * Mi);
        await Client.Asks("/only", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        await Client.Asks("/only", Bytes(2 * Mi, 2 * Mi), "Cache-Control: only-if-cached").Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Hit);
        await Client.Asks("/only", Bytes(3 * Mi, 3 * Mi), "Cache-Control: only-if-cached").Gets(504);
        await Client.Asks("/only", "Cache-Control: only-if-cached").Gets(504);
        Origin.WasAsked("/only", 1);
    }

    [Fact, Trait("Spec", "RFC 9111 §3.4"), Trait("Kind", "required")]
    public async Task A_206_of_all_bytes_is_a_whole_response()
    {
        var file = Serves("/all", 100);
        await Client.Asks("/all", "Range: bytes=-500").Gets(206, file.Tail(0), Outcome.Stored);
        await Client.Asks("/all").Gets(200, file.Tail(0), Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 9110 §13.1.2"), Trait("Kind", "optimal")]
    public async Task A_client_whose_entity_tag_holds_gets_304_from_parts()
    {
        var file = Serves("/tag", 4 * Mi);
        await Client.Asks("/tag", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        (await Client.Asks("/tag", Bytes(2 * Mi, 2 * Mi), "If-None-Match: \"v1\"").Gets(304, "")).Was(Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 5861 §3"), Trait("Kind", "optimal")]
    public async Task Within_stale_while_revalidate_parts_are_served_at_once_and_validated_once_behind()
    {
        var file = Serves("/behind", 4 * Mi, "Cache-Control: max-age=2, stale-while-revalidate=60");
        await Client.Asks("/behind", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        Clock.Passes(3.Seconds());
        await Client.Asks("/behind", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.StaleHit);
        await Origin.IsAsked("/behind", 2);
        Origin.WasAsked("/behind", "If-None-Match: \"v1\"");
        Got got;
        do got = await Client.Asks("/behind", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        while (Outcome.StaleHit.IsSaidBy(got.CacheStatus) || Outcome.Collapsed.IsSaidBy(got.CacheStatus));
        got.Was(Outcome.Hit);
        Origin.WasAsked("/behind", 2);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.3"), Trait("Kind", "required")]
    public async Task When_validation_brings_something_that_must_not_be_stored_no_part_is_reused()
    {
        var file = Serves("/closed", 6 * Mi);
        await Client.Asks("/closed", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        await Client.Asks("/closed", Bytes(4 * Mi, 4 * Mi)).Gets(206);
        Origin.Answers("/closed", 403, ["Cache-Control: no-store"], "no");
        await Client.Asks("/closed", Bytes(2 * Mi, 2 * Mi), "Cache-Control: no-cache").Gets(403, "no");
        await Client.Asks("/closed", Bytes(4 * Mi, 4 * Mi)).Gets(403, "no");
        await Client.Asks("/closed", Bytes(2 * Mi, 2 * Mi)).Gets(403, "no");
    }

    [Fact, Trait("Needs", "Clock"), Trait("Spec", "RFC 9111 §3.2"), Trait("Kind", "required")]
    public async Task The_fields_of_the_newest_part_lie_over_those_of_the_older()
    {
        var file = new LargeFile(4 * Mi);
        var more = new[] { "Content-Type: text/x", "X-Both: 1" };
        Origin.Acts("/fields", side => side.Answers(206, file.Fields([.. more, RangeOf(side)]), ContentOf(side)));
        await Client.Asks("/fields", Bytes(2 * Mi, 3 * Mi - 1)).Gets(206);
        Clock.Passes(30.Seconds());
        more = ["X-Both: 2"];
        var got = await Client.Asks("/fields", Bytes(3 * Mi - 1, 3 * Mi)).Gets(206, file.Bytes(3 * Mi - 1, 3 * Mi), Partly);
        got.Has("Content-Type: text/x").Has("X-Both: 2");
        Clock.Passes(40.Seconds()); // the newer part vouches for the older
        await Client.Asks("/fields", Bytes(2 * Mi, 3 * Mi)).Gets(206, file.Bytes(2 * Mi, 3 * Mi), Outcome.Hit);

        (long First, long Last) Asked(OriginSide side)
        {
            var ends = side.Request.Fields.First("Range")!["bytes=".Length..].Split('-');
            return (long.Parse(ends[0]), ends[1].Length > 0 ? long.Parse(ends[1]) : 4 * Mi - 1);
        }

        string RangeOf(OriginSide side) => $"Content-Range: bytes {Asked(side).First}-{Asked(side).Last}/{4 * Mi}";
        string ContentOf(OriginSide side) => file.Bytes(Asked(side).First, Asked(side).Last);
    }

    [Fact, Trait("Spec", "RFC 9875 §3"), Trait("Kind", "required"), Trait("Promise", "P2")]
    public async Task Parts_are_invalidated_through_their_group()
    {
        var file = Serves("/grouped", 4 * Mi, "Cache-Control: max-age=60\r\nCache-Groups: \"films\"");
        Origin.Answers("/edit", 204, ["Cache-Group-Invalidation: \"films\""]);
        await Client.Asks("/grouped", Bytes(2 * Mi, 2 * Mi)).Gets(206);
        await Client.Asks("/grouped", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Hit);
        await Client.Sends("POST", "/edit", [], "x").Gets(204);
        await Client.Asks("/grouped", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Stored);
        Origin.WasAsked("/grouped", 2);
    }

    [Fact, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required"), Trait("Promise", "P5")]
    public async Task An_authorized_request_neither_fills_nor_freshens_what_is_stored_for_all()
    {
        var file = Serves("/auth", 4 * Mi);
        await Client.Asks("/auth", Bytes(2 * Mi, 2 * Mi), "Authorization: alice").Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.NotStored);
        await Client.Asks("/auth", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Stored);
        await Client.Asks("/auth", Bytes(3 * Mi, 3 * Mi), "Authorization: alice").Gets(206, file.Bytes(3 * Mi, 3 * Mi), Outcome.NotStored);
        Origin.WasAsked("/auth", Bytes(3 * Mi, 3 * Mi), "Authorization: alice");
        await Client.Asks("/auth", Bytes(2 * Mi, 2 * Mi)).Gets(206, file.Bytes(2 * Mi, 2 * Mi), Outcome.Hit);
    }
}
