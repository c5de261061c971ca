using CsCheck;
using Granary.Semantics;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §4"), Trait("Kind", "required")]
public sealed class ReusabilityTests
{
    private static string Decide(string response, double resident, string request = "", bool honours = true, string method = "GET") =>
        Words(Reusability.Decide(
            new RequestHead(method, Given.Uri, Given.Lines(request)),
            Given.Stored(new RequestHead("GET", Given.Uri, Given.Lines(request)), new ResponseHead(200, Given.Lines(response))),
            anyStored: true, Given.Seconds(resident), new() { HonourRequestDirectives = honours }));

    private static string Words(Verdict verdict) => verdict switch
    {
        { Kind: VerdictKind.Reuse } => "reuse",
        { Kind: VerdictKind.ReuseStale, Stale: StaleReason.MaxStale, FreshenBehind: false } => "max-stale",
        { Kind: VerdictKind.ReuseStale, FreshenBehind: true } => "behind",
        { Kind: VerdictKind.Validate } => $"validate {verdict.Why.Token()}",
        { Kind: VerdictKind.Forward } => $"forward {verdict.Why.Token()}",
        { Kind: VerdictKind.GatewayTimeout } => "504",
        _ => "?",
    };

    [Theory, Trait("Spec", "RFC 9111 §4.2")]
    [InlineData("Cache-Control: max-age=60", 0, "reuse")]
    [InlineData("Cache-Control: max-age=60", 59.9, "reuse")]
    [InlineData("Cache-Control: max-age=60", 60, "forward stale")]
    [InlineData("Cache-Control: max-age=60|ETag: \"a\"", 60, "validate stale")]
    [InlineData("Cache-Control: max-age=60|Last-Modified: Fri, 01 May 2026 00:00:00 GMT", 61, "validate stale")]
    [InlineData("Cache-Control: max-age=60|Age: 59|ETag: \"a\"", 0, "reuse")]
    [InlineData("Cache-Control: max-age=60|Age: 60|ETag: \"a\"", 0, "validate stale")]
    [InlineData("Cache-Control: max-age=0|ETag: \"a\"", 0, "validate stale")]
    [InlineData("Cache-Control: max-age=60, must-revalidate|ETag: \"a\"", 10, "reuse")]
    [InlineData("Cache-Control: max-age=60, must-revalidate|ETag: \"a\"", 61, "validate stale")]
    [InlineData("Cache-Control: max-age=60, immutable|ETag: \"a\"", 61, "validate stale")]
    public void Given_an_age_and_a_lifetime_then_fresh_is_reused(string response, double resident, string verdict) =>
        Assert.Equal(verdict, Decide(response, resident));

    [Theory, Trait("Spec", "RFC 9111 §5.2.2.4")]
    [InlineData("no-cache")]
    [InlineData("No-CaChE")]
    [InlineData("no-cache=\"Content-Type\"")]
    public void Given_no_cache_in_the_response_then_each_use_is_validated(string directive)
    {
        Assert.Equal("validate stale", Decide($"Cache-Control: max-age=60, {directive}|ETag: \"a\"", 0));
        Assert.Equal("forward stale", Decide($"Cache-Control: max-age=60, {directive}", 0));
        Assert.Equal("validate stale", Decide($"Cache-Control: max-age=60, {directive}|ETag: \"a\"", 0, "Cache-Control: max-stale"));
    }

    [Theory, Trait("Spec", "RFC 9111 §5.2.1")]
    [InlineData("no-cache", 0, "validate request")]
    [InlineData("max-age=0", 0, "validate request")]
    [InlineData("max-age=10", 10, "reuse")]
    [InlineData("max-age=10", 11, "validate request")]
    [InlineData("max-age=x", 0, "validate request")]
    [InlineData("min-fresh=30", 30, "reuse")]
    [InlineData("min-fresh=31", 30, "validate request")]
    [InlineData("min-fresh=2000", 0, "validate request")]
    [InlineData("no-store", 0, "reuse")]
    [InlineData("only-if-cached", 0, "reuse")]
    [InlineData("only-if-cached", 61, "504")]
    [InlineData("only-if-cached, no-cache", 0, "504")]
    [InlineData("only-if-cached, max-stale", 61, "max-stale")]
    [InlineData("max-stale", 10000, "max-stale")]
    [InlineData("max-stale=5", 65, "max-stale")]
    [InlineData("max-stale=5", 65.1, "validate stale")]
    [InlineData("max-stale, max-age=70", 65, "max-stale")]
    [InlineData("max-stale, max-age=62", 65, "validate stale")]
    [InlineData("max-stale, no-cache", 65, "validate stale")]
    [InlineData("max-stale, min-fresh=1", 65, "validate stale")]
    [InlineData("unknown", 0, "reuse")]
    public void Given_a_request_directive_then_it_is_honoured(string directive, double resident, string verdict) =>
        Assert.Equal(verdict, Decide("Cache-Control: max-age=60|ETag: \"a\"", resident, $"Cache-Control: {directive}"));

    [Fact, Trait("Spec", "RFC 9111 §5.4")]
    public void Given_pragma_no_cache_then_it_is_validated() =>
        Assert.Equal("validate request", Decide("Cache-Control: max-age=60|ETag: \"a\"", 0, "Pragma: no-cache"));

    [Theory]
    [InlineData("no-cache", 0, "reuse")]
    [InlineData("max-age=0", 0, "reuse")]
    [InlineData("min-fresh=100", 0, "reuse")]
    [InlineData("max-stale", 61, "validate stale")]
    [InlineData("only-if-cached", 61, "504")]
    public void Given_request_directives_are_not_honoured_then_only_only_if_cached_counts(string directive, double resident, string verdict) =>
        Assert.Equal(verdict, Decide("Cache-Control: max-age=60|ETag: \"a\"", resident, $"Cache-Control: {directive}", honours: false));

    [Theory, Trait("Spec", "RFC 5861 §3")]
    [InlineData("max-age=60, stale-while-revalidate=30", 70, "", "behind")]
    [InlineData("max-age=60, stale-while-revalidate=30", 90, "", "behind")]
    [InlineData("max-age=60, stale-while-revalidate=30", 91, "", "validate stale")]
    [InlineData("max-age=60, stale-while-revalidate=30, must-revalidate", 70, "", "validate stale")]
    [InlineData("max-age=60, stale-while-revalidate=30, proxy-revalidate", 70, "", "validate stale")]
    [InlineData("s-maxage=60, stale-while-revalidate=30", 70, "", "validate stale")]
    [InlineData("max-age=60, stale-while-revalidate=30, no-cache", 70, "", "validate stale")]
    [InlineData("max-age=60, stale-while-revalidate=30", 70, "Cache-Control: no-cache", "validate stale")]
    [InlineData("max-age=60, stale-while-revalidate=30", 70, "Cache-Control: max-age=1000", "validate stale")]
    [InlineData("max-age=60, stale-while-revalidate=30", 70, "Cache-Control: max-stale=5", "behind")]
    [InlineData("max-age=60, stale-while-revalidate=x", 70, "", "validate stale")]
    public void Given_stale_while_revalidate_then_stale_is_served_in_its_window(string directives, double resident, string request, string verdict) =>
        Assert.Equal(verdict, Decide($"Cache-Control: {directives}|ETag: \"a\"", resident, request));

    [Theory]
    [InlineData("must-revalidate")]
    [InlineData("proxy-revalidate")]
    [InlineData("s-maxage=60")]
    public void Given_a_directive_that_forbids_stale_then_max_stale_does_not_help(string directive) =>
        Assert.Equal("validate stale", Decide($"Cache-Control: max-age=60, {directive}|ETag: \"a\"", 61, "Cache-Control: max-stale"));

    [Theory, Trait("Spec", "RFC 9211 §2.2")]
    [InlineData("GET", "", false, "forward uri-miss")]
    [InlineData("GET", "", true, "forward vary-miss")]
    [InlineData("POST", "", true, "forward method")]
    [InlineData("FOO", "Cache-Control: only-if-cached", false, "forward method")]
    [InlineData("GET", "Cache-Control: only-if-cached", false, "504")]
    public void Given_nothing_selected_then_the_request_goes_forward_with_the_reason(string method, string request, bool anyStored, string verdict) =>
        Assert.Equal(verdict, Words(Reusability.Decide(
            new RequestHead(method, Given.Uri, Given.Lines(request)), null, anyStored, TimeSpan.Zero, ReuseOptions.Default)));

    [Theory, Trait("Spec", "RFC 9111 §4.3.2")]
    [InlineData("If-Match: \"a\"")]
    [InlineData("If-Unmodified-Since: Fri, 01 May 2026 00:00:00 GMT")]
    public void Given_a_precondition_for_the_origin_then_it_goes_there(string line) =>
        Assert.Equal("forward request", Decide("Cache-Control: max-age=60|ETag: \"a\"", 0, line));

    [Fact]
    public void Given_a_fresh_response_then_age_and_remaining_freshness_are_told()
    {
        var verdict = Reusability.Decide(
            Given.Get(), Given.Stored("Cache-Control: max-age=60", "Age: 10"), true, Given.Seconds(5), ReuseOptions.Default);
        Assert.Equal((VerdictKind.Reuse, Given.Seconds(15), Given.Seconds(45)), (verdict.Kind, verdict.CurrentAge, verdict.TimeToLive));
    }

    [Fact, Trait("Kind", "check")]
    public void Given_a_hit_then_only_the_verdict_is_allocated()
    {
        var presented = Given.Get("Accept: */*", "Accept-Encoding: gzip,  br", "User-Agent: x");
        StoredResponse[] stored = [Given.Stored(presented, Given.Ok("Cache-Control: max-age=60", "Vary: Accept-Encoding", "ETag: \"a\""))];
        _ = Hit(presented, stored);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _ = Hit(presented, stored);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000 * 48);
    }

    private static Verdict Hit(RequestHead presented, StoredResponse[] stored) =>
        Reusability.Decide(presented, stored[Selection(presented, stored)], true, TimeSpan.FromSeconds(1), ReuseOptions.Default);

    private static int Selection(RequestHead presented, StoredResponse[] stored) =>
        Granary.Semantics.Selection.Selection.Select(presented, stored);

    [Fact, Trait("Kind", "check")]
    public void Given_more_resident_time_then_a_response_never_becomes_fresh_again()
    {
        var directives = Given.OneOf("max-age=60", "s-maxage=5", "max-age=1, stale-while-revalidate=100", "no-cache", "max-age=99999999999", "public");
        Gen.Select(directives, Gen.Long[0, TimeSpan.MaxValue.Ticks], Gen.Long[0, TimeSpan.MaxValue.Ticks]).Sample((cc, a, b) =>
        {
            var stored = Given.Stored($"Cache-Control: {cc}", "ETag: \"a\"");
            bool Fresh(long ticks) => Reusability.Decide(Given.Get(), stored, true, new(ticks), ReuseOptions.Default).Kind == VerdictKind.Reuse;
            return Fresh(Math.Min(a, b)) || !Fresh(Math.Max(a, b));
        });
    }
}

[Trait("Spec", "RFC 9111 §4.2.4"), Trait("Kind", "required")]
public sealed class StaleOnErrorTests
{
    private static bool Allows(string directives, double resident, OriginTrouble trouble, string request = "") =>
        StaleOnError.Allows(new RequestHead("GET", Given.Uri, Given.Lines(request)),
            Given.Stored($"Cache-Control: {directives}", "ETag: \"a\""), Given.Seconds(resident), trouble, ReuseOptions.Default);

    [Theory]
    [InlineData("max-age=60", 61, true, false)]
    [InlineData("max-age=60", 60 + 86400, true, false)]
    [InlineData("max-age=60", 60 + 86401, false, false)]
    [InlineData("max-age=60, stale-if-error=30", 90, true, true)]
    [InlineData("max-age=60, stale-if-error=30", 91, false, false)]
    [InlineData("max-age=60, stale-if-error=0", 61, false, false)]
    [InlineData("max-age=60, stale-if-error=172800", 100000, true, true)]
    [InlineData("max-age=2, must-revalidate", 3, false, false)]
    [InlineData("max-age=2, proxy-revalidate", 3, false, false)]
    [InlineData("max-age=2, s-maxage=2", 3, false, false)]
    [InlineData("max-age=2, no-cache", 1, false, false)]
    [InlineData("max-age=2, no-cache=\"a\"", 3, false, false)]
    [InlineData("max-age=2, must-revalidate, stale-if-error=60", 3, false, false)]
    [InlineData("max-age=60, must-revalidate", 30, true, true)]
    public void Given_an_origin_in_trouble_then_stale_is_allowed_or_not(string directives, double resident, bool disconnected, bool serverError)
    {
        Assert.Equal(disconnected, Allows(directives, resident, OriginTrouble.Disconnected));
        Assert.Equal(serverError, Allows(directives, resident, OriginTrouble.ServerError));
    }

    [Theory, Trait("Spec", "RFC 5861 §4")]
    [InlineData("Cache-Control: stale-if-error=60", 100, true)]
    [InlineData("Cache-Control: stale-if-error=60", 121, false)]
    [InlineData("Cache-Control: max-age=0, stale-if-error=60", 100, true)]
    [InlineData("Cache-Control: no-cache, stale-if-error=60", 100, false)]
    [InlineData("Cache-Control: no-cache", 10, false)]
    [InlineData("Pragma: no-cache", 10, false)]
    [InlineData("Cache-Control: max-age=0", 10, true)]
    public void Given_what_the_client_says_then_it_counts(string request, double resident, bool allowed) =>
        Assert.Equal(allowed, Allows("max-age=60", resident, OriginTrouble.ServerError, request));
}
