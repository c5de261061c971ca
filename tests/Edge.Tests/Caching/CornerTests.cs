using Granary.Language;

namespace Granary.Edge.Tests.Caching;

/// <summary>Corners of the text that caches get wrong, each from client to origin and back.</summary>
[Collection(CachingCollection.Name)]
public sealed class CornerTests(CachingWorld world) : CachingScene(world)
{
    private const string Long = "Last-Modified: Mon, 05 Jan 2015 00:00:00 GMT";

    /// <summary>Two requests in a row: is the second answered from the cache?</summary>
    private async Task IsReused(bool reused, int status, string[] stored, string[] first, string[] second)
    {
        Origin.Acts("/it", side => side.Answers(status, stored, status == 204 ? "" : $"answer {Origin.Requests("/it").Count}"));
        await Client.Asks("/it", first).Gets(status, status == 204 ? "" : "answer 1");
        await Client.Asks("/it", second).Gets(status, status == 204 ? "" : reused ? "answer 1" : "answer 2");
        Origin.WasAsked("/it", reused ? 1 : 2);
    }

    private Task IsReused(bool reused, params string[] stored) => IsReused(reused, 200, stored, [], []);

    [Theory, Trait("Spec", "RFC 9111 §4.2.2"), Trait("Kind", "optimal")]
    [InlineData(200), InlineData(203), InlineData(204), InlineData(300), InlineData(301), InlineData(308)]
    [InlineData(404), InlineData(405), InlineData(410), InlineData(414), InlineData(501)]
    public Task A_status_that_allows_it_is_fresh_for_a_while_by_its_Last_Modified(int status) => IsReused(true, status, [Long], [], []);

    [Theory, Trait("Spec", "RFC 9111 §4.2.2"), Trait("Kind", "required")]
    [InlineData(201), InlineData(302), InlineData(303), InlineData(307), InlineData(400), InlineData(403), InlineData(418), InlineData(500), InlineData(503), InlineData(599)]
    public async Task No_other_is_unless_it_says_public(int status)
    {
        await IsReused(false, status, [Long], [], []);
        Origin.Answers("/public", status, [Long, "Cache-Control: public"], "once");
        await Client.Asks("/public").Gets(status, "once", Outcome.Stored);
        await Client.Asks("/public").Gets(status, "once", Outcome.Hit);
    }

    [Theory, Trait("Spec", "RFC 9111 §4.2.2"), Trait("Kind", "check")]
    [InlineData("X: y"), InlineData("Last-Modified: yesterday"), InlineData("Last-Modified: Fri, 31 Dec 9999 23:59:59 GMT"), InlineData("ETag: \"1\"")]
    public Task Without_a_Last_Modified_in_the_past_nothing_is_guessed(string field) => IsReused(false, field);

    [Theory, Trait("Spec", "RFC 9111 §5.3"), Trait("Kind", "required")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", true)]
    [InlineData("Friday, 31-Dec-60 23:59:59 GMT", true)]
    [InlineData("Fri Dec 31 23:59:59 2060", true)]
    [InlineData("fri, 31 dec 9999 23:59:59 gmt", true)]
    [InlineData("0", false), InlineData("-1", false), InlineData("", false), InlineData("never", false)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 UTC", false)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 +0000", false)]
    [InlineData("Fri, 31 Dec 9999 23:59 GMT", false)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", false)]
    public Task Expires_counts_in_three_forms_and_anything_else_is_in_the_past(string value, bool reused) => IsReused(reused, $"Expires: {value}");

    [Theory, Trait("Spec", "RFC 9111 §5.3"), Trait("Kind", "required")]
    [InlineData("max-age=60", true), InlineData("s-maxage=60", true), InlineData("max-age=x", false), InlineData("MAX-AGE=60", true), InlineData("x=y", false)]
    public Task A_stated_lifetime_goes_before_Expires(string directive, bool reused) =>
        IsReused(reused, $"Cache-Control: {directive}", "Expires: Thu, 01 Jan 1970 00:00:00 GMT");

    [Theory, Trait("Spec", "RFC 9110 §6.6.1"), Trait("Kind", "required")]
    [InlineData("Date: Fri, 31 Dec 9999 23:59:59 GMT", true), InlineData("Date: now", true), InlineData("Date: Thu, 01 Jan 1970 00:00:00 GMT", false)]
    public Task A_Date_from_the_future_or_none_does_no_harm_and_one_from_the_past_is_an_age(string date, bool reused) =>
        IsReused(reused, "Cache-Control: max-age=60", date);

    [Theory, Trait("Spec", "RFC 9111 §5.1"), Trait("Kind", "required")]
    [InlineData("Age: 0", true), InlineData("Age: 30", true), InlineData("Age: 7200", false), InlineData("Age: 99999999999999999999", false)]
    [InlineData("Age: -7200", true), InlineData("Age: 7200.5", true), InlineData("Age: \"7200\"", true), InlineData("Age: 7200s", true), InlineData("Age:", true)]
    [InlineData("Age: 7200, 0", false), InlineData("Age: 0, 7200", true), InlineData("Age: 7200|Age: 0", false)]
    public Task Of_Age_the_first_member_counts_and_what_is_no_number_is_ignored(string lines, bool reused) =>
        IsReused(reused, ["Cache-Control: max-age=3600", .. lines.Split('|')]);

    [Theory, Trait("Spec", "RFC 9111 §4.2.1"), Trait("Kind", "required")]
    [InlineData("max-age=60, max-age=0", false), InlineData("max-age=0, max-age=60", false), InlineData("max-age=60|Cache-Control: max-age=0", false)]
    [InlineData("s-maxage=0, max-age=60", false), InlineData("s-maxage=60, max-age=0", true), InlineData("max-age=60|Cache-Control: no-store", false)]
    [InlineData("max-age=60, public, private", false), InlineData("max-age=60, no-cache", false), InlineData("private, s-maxage=60", false)]
    public Task Of_directives_that_conflict_or_repeat_the_most_restrictive_counts(string lines, bool reused) =>
        IsReused(reused, [.. $"Cache-Control: {lines}".Split('|')]);

    [Theory, Trait("Spec", "RFC 9111 §5.2"), Trait("Kind", "required")]
    [InlineData("mAX-aGE=60", true), InlineData("max-age=\"60\"", true), InlineData(" ,, max-age=60 ,", true), InlineData("max-age=60,x", true), InlineData("x=\"a, no-store\", max-age=60", true)]
    [InlineData("max-age", false), InlineData("max-age=", false), InlineData("max-age=-1", false), InlineData("max-age=1.5", false), InlineData("max-age=60s", false)]
    [InlineData("max-age =60", false), InlineData("max-age= 60", false), InlineData("max-age='60'", false), InlineData("max-age=99999999999", true), InlineData("x=max-age=60", false)]
    [InlineData("NO-STORE, max-age=60", false), InlineData("no-store=x, max-age=60", false), InlineData("private=\"\", max-age=60", false), InlineData("s-maxage=\"60\"", true)]
    public Task Directives_are_read_as_they_are_meant_and_no_further(string value, bool reused) => IsReused(reused, $"Cache-Control: {value}");

    [Theory, Trait("Spec", "RFC 9111 §5.2.2.3"), Trait("Kind", "required")]
    [InlineData(200, "must-understand, no-store, max-age=60", true), InlineData(404, "must-understand, no-store, max-age=60", true)]
    [InlineData(299, "must-understand, no-store, max-age=60", false), InlineData(499, "must-understand, max-age=60", false), InlineData(299, "max-age=60", true)]
    public Task Under_must_understand_only_status_codes_that_are_understood_are_stored(int status, string value, bool reused) =>
        IsReused(reused, status, [$"Cache-Control: {value}"], [], []);

    [Theory, Trait("Spec", "RFC 9111 §3.5"), Trait("Kind", "required")]
    [InlineData("max-age=60", false), InlineData("public, max-age=60", true), InlineData("s-maxage=60", true), InlineData("must-revalidate, max-age=60", true)]
    [InlineData("proxy-revalidate, max-age=60", false), InlineData("public, private, max-age=60", false)]
    public Task The_answer_to_a_request_with_credentials_is_shared_only_by_the_origins_word(string value, bool reused) =>
        IsReused(reused, 200, [$"Cache-Control: {value}"], ["Authorization: Basic YQ=="], []);

    [Theory, Trait("Spec", "RFC 9111 §5.2.1"), Trait("Kind", "required")]
    [InlineData("Cache-Control: no-cache", false), InlineData("Cache-Control: NO-CACHE=x", false), InlineData("Cache-Control: no-store", true), InlineData("Cache-Control: max-age=0", false)]
    [InlineData("Cache-Control: max-age=x", false), InlineData("Cache-Control: max-age=3600", true), InlineData("Cache-Control: min-fresh=3600", false), InlineData("Cache-Control: min-fresh=x", true)]
    [InlineData("Cache-Control: only-if-cached", true), InlineData("Cache-Control: max-stale", true), InlineData("Cache-Control: unknown", true), InlineData("Pragma: no-cache", false)]
    [InlineData("Pragma: No-Cache, x", false), InlineData("Pragma: x", true), InlineData("Pragma: no-cache|Cache-Control: max-age=3600", true)]
    public Task What_a_client_asks_for_is_honoured(string lines, bool reused) => IsReused(reused, 200, ["Cache-Control: max-age=60"], [], lines.Split('|'));

    [Fact, Trait("Spec", "RFC 9111 §5.2.1.2"), Trait("Kind", "optimal")]
    public async Task Max_stale_without_a_value_takes_what_is_stale_by_any_time_unless_the_origin_forbids()
    {
        foreach (var (path, more) in new[] { ("/may", ""), ("/must", ", must-revalidate"), ("/proxy", ", proxy-revalidate"), ("/shared", ", s-maxage=1") })
        {
            Origin.Answers(path, 200, [$"Cache-Control: max-age=1{more}", "ETag: \"1\""], "old");
            await Client.Asks(path).Gets(200, "old");
            Origin.Answers(path, 200, ["Cache-Control: max-age=1"], "new");
        }

        Clock.Passes(2.Seconds());
        await Client.Asks("/may", "Cache-Control: max-stale").Gets(200, "old", Outcome.StaleHit);
        foreach (var path in new[] { "/must", "/proxy", "/shared" }) await Client.Asks(path, "Cache-Control: max-stale").Gets(200, "new", Outcome.Stale);
    }

    [Theory, Trait("Spec", "RFC 5861 §4"), Trait("Kind", "required")]
    [InlineData(500, true), InlineData(502, true), InlineData(503, true), InlineData(504, true), InlineData(501, false), InlineData(404, false), InlineData(429, false)]
    public async Task Stale_if_error_stands_in_for_the_errors_it_speaks_of(int status, bool standsIn)
    {
        Origin.Answers("/it", 200, ["Cache-Control: max-age=1, stale-if-error=60"], "old");
        await Client.Asks("/it").Gets(200, "old");
        Clock.Passes(2.Seconds());
        Origin.Answers("/it", status, ["Cache-Control: no-store"], "error");
        await Client.Asks("/it").Gets(standsIn ? 200 : status, standsIn ? "old" : "error");
    }

    [Fact, Trait("Spec", "RFC 9211 §2"), Trait("Kind", "required")]
    public async Task Cache_Status_stands_behind_those_of_the_caches_before_us()
    {
        Origin.Answers("/it", 200, ["Cache-Control: max-age=60", "Cache-Status: inner; hit"], "a");
        (await Client.Asks("/it").Gets(200, "a", Outcome.Stored)).Has("Cache-Status: inner; hit, granary; fwd=uri-miss; stored");
        Assert.StartsWith("inner; hit, granary; hit; ttl=", (await Client.Asks("/it").Gets(200, "a", Outcome.Hit)).CacheStatus, StringComparison.Ordinal);
    }

    [Fact, Trait("Spec", "RFC 8297 §2"), Trait("Kind", "required")]
    public async Task The_fields_of_an_interim_response_are_not_those_of_the_final_one()
    {
        Origin.Acts("/it", side => side.Sends("HTTP/1.1 103 Early Hints\r\nLink: </style>\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\n\r\na"));
        (await Client.Asks("/it").Gets(200, "a")).HasNo("Link").HasNo("X");
        (await Client.Asks("/it").Gets(200, "a", Outcome.Hit)).HasNo("Link").HasNo("X");
    }

    [Theory, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    [InlineData("X: 1", "X: 1", true), InlineData("X: 1", "x:  1 ", true), InlineData("X: a,b", "X: a , b", true), InlineData("X: a|X: b", "X: a, b", true)]
    [InlineData("X: 1", "X: 2", false), InlineData("X:", "Y: 1", false), InlineData("Y: 1", "X:", false), InlineData("X: a, b", "X: b, a", false), InlineData("X: a", "X: A", false)]
    public Task A_nominated_field_matches_if_only_what_means_nothing_differs(string first, string second, bool reused) =>
        IsReused(reused, 200, ["Cache-Control: max-age=60", "Vary: x"], first.Split('|'), second.Split('|'));

    [Theory, Trait("Spec", "RFC 9110 §13.1.3"), Trait("Kind", "optimal")]
    [InlineData(Long, "Mon, 05 Jan 2015 00:00:00 GMT", 304), InlineData(Long, "Tue, 06 Jan 2015 00:00:00 GMT", 304), InlineData(Long, "Sun, 04 Jan 2015 00:00:00 GMT", 200)]
    [InlineData(Long, "Monday, 05-Jan-15 00:00:00 GMT", 304), InlineData(Long, "Mon Jan  5 00:00:00 2015", 304), InlineData(Long, "2015-01-05", 200)]
    [InlineData("Date: Mon, 05 Jan 2015 00:00:00 GMT", "Mon, 05 Jan 2015 00:00:00 GMT", 304), InlineData("Date: Mon, 05 Jan 2015 00:00:00 GMT", "Sun, 04 Jan 2015 00:00:00 GMT", 200)]
    public async Task If_Modified_Since_is_answered_by_Last_Modified_and_without_one_by_Date(string field, string since, int status)
    {
        Origin.Answers("/it", 200, ["Cache-Control: max-age=9999999999", field], "a");
        await Client.Asks("/it").Gets(200, "a");
        await Client.Asks("/it", $"If-Modified-Since: {since}").Gets(status, status == 200 ? "a" : "", Outcome.Hit);
        Origin.WasAsked("/it", 1);
    }

    [Theory, Trait("Spec", "RFC 9110 §13.1.2"), Trait("Kind", "required")]
    [InlineData("\"1\"", 304), InlineData("W/\"1\"", 304), InlineData("*", 304), InlineData("\"0\", \"1\"", 304), InlineData("\"0\"|If-None-Match: \"1\"", 304), InlineData("\"0,\\\"1\\\"\"", 200)]
    [InlineData("\"2\"", 200), InlineData("1", 304)]
    public async Task If_None_Match_is_answered_weakly_and_goes_before_If_Modified_Since(string lines, int status)
    {
        Origin.Answers("/it", 200, ["Cache-Control: max-age=60", "ETag: \"1\"", Long], "a");
        await Client.Asks("/it").Gets(200, "a");
        await Client.Asks("/it", [.. $"If-None-Match: {lines}".Split('|'), "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT"]).Gets(status, status == 200 ? "a" : "", Outcome.Hit);
    }
}
