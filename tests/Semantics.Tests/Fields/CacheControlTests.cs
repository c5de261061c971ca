using CsCheck;
using Granary.Semantics.Fields;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §5.2"), Trait("Kind", "required")]
public sealed class CacheControlTests
{
    private static CacheControl Response(string lines) => CacheControl.OfResponse(Given.Lines(lines));

    private static CacheControl Request(string lines) => CacheControl.OfRequest(Given.Lines(lines));

    [Theory, Trait("Spec", "RFC 9111 §5.2.2.1")]
    [InlineData("Cache-Control: max-age=60", 60)]
    [InlineData("cache-control: MAX-AGE=60", 60)]
    [InlineData("Cache-Control: max-age=\"60\"", 60)]
    [InlineData("Cache-Control: max-age=00060", 60)]
    [InlineData("Cache-Control: max-age=0", 0)]
    [InlineData("Cache-Control: public,,max-age=60 , foo=bar", 60)]
    [InlineData("Cache-Control:  ,\tmax-age=60", 60)]
    [InlineData("Cache-Control: max-age=2147483648", 2147483648)]
    [InlineData("Cache-Control: max-age=2147483649", 2147483648)]
    [InlineData("Cache-Control: max-age=99999999999999999999999999", 2147483648)]
    [InlineData("Cache-Control: extension=\"max-age=3600\", max-age=1", 1)]
    [InlineData("Cache-Control: max-age=1, extension=\"a, max-age=3600\"", 1)]
    [InlineData("Cache-Control: ext=\"\\\", max-age=3600\", max-age=1", 1)]
    [InlineData("Cache-Control: max-age=1, ext=\"max-age=3600", 1)]
    public void Given_a_max_age_when_read_then_its_seconds_count(string lines, long seconds) =>
        Assert.Equal(Given.Seconds(seconds), Response(lines).MaxAge);

    [Theory, Trait("Spec", "RFC 9111 §4.2.1")]
    [InlineData("Cache-Control: max-age=-1")]
    [InlineData("Cache-Control: max-age=+60")]
    [InlineData("Cache-Control: max-age=60.5")]
    [InlineData("Cache-Control: max-age=60.0")]
    [InlineData("Cache-Control: max-age=60s")]
    [InlineData("Cache-Control: max-age=a60")]
    [InlineData("Cache-Control: max-age='60'")]
    [InlineData("Cache-Control: max-age =60")]
    [InlineData("Cache-Control: max-age= 60")]
    [InlineData("Cache-Control: max-age")]
    [InlineData("Cache-Control: max-age=")]
    [InlineData("Cache-Control: max-age=\"\"")]
    [InlineData("Cache-Control: max-age=\"60")]
    [InlineData("Cache-Control: max-age=\"60\"x")]
    [InlineData("Cache-Control: max-age=60; public")]
    [InlineData("Cache-Control: max-age=0x3c")]
    [InlineData("Cache-Control: max-age=60 60")]
    public void Given_a_max_age_that_cannot_be_read_then_it_is_zero(string lines) =>
        Assert.Equal(TimeSpan.Zero, Response(lines).MaxAge);

    [Theory, Trait("Spec", "RFC 9111 §4.2.1")]
    [InlineData("Cache-Control: max-age=1800, max-age=1")]
    [InlineData("Cache-Control: max-age=1, max-age=1800")]
    [InlineData("Cache-Control: max-age=1800|Cache-Control: max-age=1")]
    [InlineData("Cache-Control: max-age=1|Cache-Control: max-age=1800")]
    public void Given_max_age_twice_then_the_shorter_counts(string lines) =>
        Assert.Equal(Given.Seconds(1), Response(lines).MaxAge);

    [Fact]
    public void Given_a_valid_and_an_invalid_max_age_then_it_is_zero() =>
        Assert.Equal(TimeSpan.Zero, Response("Cache-Control: max-age=60, max-age=x").MaxAge);

    [Theory, Trait("Spec", "RFC 9111 §5.2.2.5")]
    [InlineData("Cache-Control: no-store")]
    [InlineData("Cache-Control: No-StOrE")]
    [InlineData("Cache-Control: no-store=1")]
    [InlineData("Cache-Control: no-store=\"x")]
    [InlineData("Cache-Control: no-store;max-age=60")]
    [InlineData("Cache-Control: max-age=60 , \t no-store")]
    [InlineData("Cache-Control: foo=\"unclosed, no-store")]
    [InlineData("Cache-Control: max-age=60|X: y|Cache-Control: no-store")]
    public void Given_no_store_in_any_shape_then_it_is_obeyed(string lines) => Assert.True(Response(lines).NoStore);

    [Theory]
    [InlineData("Cache-Control: no-storage")]
    [InlineData("Cache-Control: xno-store")]
    [InlineData("Cache-Control: ext=\"no-store\"")]
    [InlineData("X-Cache-Control: no-store")]
    public void Given_something_that_only_looks_like_no_store_then_it_is_none(string lines) => Assert.False(Response(lines).NoStore);

    [Theory, Trait("Spec", "RFC 9111 §5.2.2.7")]
    [InlineData("Cache-Control: private", true, "")]
    [InlineData("Cache-Control: private=\"Set-Cookie\"", false, "Set-Cookie")]
    [InlineData("Cache-Control: private=Set-Cookie", false, "Set-Cookie")]
    [InlineData("Cache-Control: private=\"a, b ,,c\"", false, "a b c")]
    [InlineData("Cache-Control: private=\"\"", true, "")]
    [InlineData("Cache-Control: private=\" , \"", true, "")]
    [InlineData("Cache-Control: private=\"a b\"", true, "")]
    [InlineData("Cache-Control: private=\"a", true, "")]
    [InlineData("Cache-Control: private =\"a\"", true, "")]
    [InlineData("Cache-Control: private=\"a\", private", true, "a")]
    [InlineData("Cache-Control: private=\"a\", private=\"b\"", false, "a b")]
    public void Given_private_then_fields_are_read_or_it_stands_for_all(string lines, bool whole, string fields)
    {
        var read = Response(lines);
        Assert.Equal(whole, read.Private);
        Assert.Equal(fields, string.Join(' ', read.PrivateFields));
    }

    [Theory, Trait("Spec", "RFC 9111 §5.2.2.4")]
    [InlineData("Cache-Control: no-cache")]
    [InlineData("Cache-Control: NO-CACHE")]
    [InlineData("Cache-Control: no-cache=\"a, content-type\"")]
    [InlineData("Cache-Control: no-cache=\"\"")]
    [InlineData("Cache-Control: max-age=60, no-cache=\"a")]
    public void Given_no_cache_with_or_without_fields_then_validation_is_required(string lines) =>
        Assert.True(Response(lines).RequiresValidation);

    [Theory]
    [InlineData("Cache-Control: public=1")]
    [InlineData("Cache-Control: public;x")]
    [InlineData("Cache-Control: public x")]
    public void Given_a_permission_that_is_malformed_then_it_permits_nothing(string lines) => Assert.False(Response(lines).Public);

    [Theory, Trait("Spec", "RFC 9111 §4.2.4")]
    [InlineData("must-revalidate", true)]
    [InlineData("proxy-revalidate", true)]
    [InlineData("s-maxage=60", true)]
    [InlineData("no-cache", true)]
    [InlineData("no-cache=\"a\"", true)]
    [InlineData("max-age=60", false)]
    [InlineData("public, immutable", false)]
    public void Given_a_directive_then_it_forbids_stale_or_not(string directive, bool forbids) =>
        Assert.Equal(forbids, Response($"Cache-Control: {directive}").ForbidsStale);

    [Theory, Trait("Spec", "RFC 9111 §5.2.1.2")]
    [InlineData("max-stale=10", 10L)]
    [InlineData("max-stale=10, max-stale", 10L)]
    [InlineData("max-stale=10, max-stale=5", 5L)]
    [InlineData("max-stale=x", null)]
    [InlineData("max-stale=\"\"", null)]
    [InlineData("max-stale =10", null)]
    public void Given_max_stale_then_the_narrower_permission_counts(string directive, long? seconds) =>
        Assert.Equal(seconds is { } s ? Given.Seconds(s) : null, Request($"Cache-Control: {directive}").MaxStale);

    [Fact]
    public void Given_max_stale_without_argument_then_any_staleness_is_accepted() =>
        Assert.Equal(TimeSpan.MaxValue, Request("Cache-Control: max-stale").MaxStale);

    [Fact]
    public void Given_min_fresh_twice_then_the_longer_counts() =>
        Assert.Equal(Given.Seconds(20), Request("Cache-Control: min-fresh=10, min-fresh=20").MinFresh);

    [Theory, Trait("Spec", "RFC 9111 §5.4")]
    [InlineData("Pragma: no-cache", true)]
    [InlineData("Pragma: foo, No-Cache", true)]
    [InlineData("Pragma: no-cache|Cache-Control: max-age=10", false)]
    [InlineData("Pragma: foo", false)]
    public void Given_pragma_in_a_request_then_it_counts_without_cache_control(string lines, bool noCache) =>
        Assert.Equal(noCache, Request(lines).NoCache);

    [Fact, Trait("Spec", "RFC 9111 §5.4")]
    public void Given_pragma_in_a_response_then_it_is_ignored() => Assert.False(Response("Pragma: no-cache").NoCache);

    [Fact, Trait("Spec", "RFC 5861 §3")]
    public void Given_the_stale_extensions_then_they_are_read()
    {
        var read = Response("Cache-Control: max-age=1, stale-while-revalidate=30, stale-if-error=\"60\"");
        Assert.Equal((Given.Seconds(30), Given.Seconds(60)), (read.StaleWhileRevalidate, read.StaleIfError));
    }

    [Fact, Trait("Kind", "check")]
    public void Given_any_bytes_when_read_then_nothing_throws_and_no_lifetime_is_negative()
    {
        var piece = Given.OneOf("max-age", "s-maxage", "=", "\"", ",", "\\", " ", "60", "-1", "no-store", "private", "public", ";", "a", "\u00ff");
        piece.Array[0, 30].Select(string.Concat).Sample(text =>
        {
            var read = CacheControl.OfResponse(new([new("Cache-Control", text)]));
            return !(read.MaxAge < TimeSpan.Zero) && !(read.SMaxAge < TimeSpan.Zero) && !(read.MaxAge > DeltaSeconds.Max);
        });
    }

    [Fact, Trait("Kind", "check")]
    public void Given_no_store_as_a_member_of_any_well_formed_list_then_it_is_seen()
    {
        var member = Given.OneOf("max-age=60", "public", "ext=\"a, b\"", "ext=\"\\\"\"", "", " ", "private=\"x\"", "foo");
        Gen.Select(member.Array[0, 6], member.Array[0, 6]).Sample((before, after) =>
            Response($"Cache-Control: {string.Join(',', [.. before, "no-store", .. after])}").NoStore);
    }

    [Fact, Trait("Kind", "check")]
    public void Given_a_value_made_to_be_slow_when_read_then_it_takes_linear_time()
    {
        // 2 million quotes that never close: a quadratic reader would not come back.
        var escaped = string.Concat("\"", string.Concat(Enumerable.Repeat("\\\"", 1_000_000)));
        Assert.False(CacheControl.OfResponse(new([new("Cache-Control", escaped)])).NoStore);

    }
}
