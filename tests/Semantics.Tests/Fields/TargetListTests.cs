using CsCheck;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Storability;

namespace Granary.Tests.Fields;

public sealed class TargetListTests
{
    private static readonly TargetList OwnFirst = new(["Own-Cache-Control", "CDN-Cache-Control"]);

    private static double Lifetime(params string[] lines) =>
        FreshnessLifetime.Of(Given.Ok(lines), Given.Now, FreshnessOptions.Default with { Targets = OwnFirst }).Value.TotalSeconds;

    [Theory, Trait("Spec", "RFC 9213 §2.2"), Trait("Kind", "required")]
    [InlineData(600, "CDN-Cache-Control: max-age=600", "Cache-Control: max-age=1, no-store")]
    [InlineData(10, "CDN-Cache-Control: max-age=10", "Cache-Control: s-maxage=600", "Expires: Mon, 04 May 2026 13:00:00 GMT")]
    [InlineData(5, "CDN-Cache-Control: max-age=10", "Own-Cache-Control: max-age=5")]
    [InlineData(10, "Own-Cache-Control:", "CDN-Cache-Control: max-age=10", "Cache-Control: max-age=1")]
    [InlineData(10, "Own-Cache-Control: max-age=", "CDN-Cache-Control: max-age=10")]
    [InlineData(0, "CDN-Cache-Control: unknown", "Cache-Control: max-age=600", "Expires: Mon, 04 May 2026 13:00:00 GMT")]
    [InlineData(30, "CDN-Cache-Control: max-age=60", "CDN-Cache-Control: s-maxage=30")]
    public void The_first_target_that_is_valid_and_not_empty_decides(double seconds, params string[] lines) => Assert.Equal(seconds, Lifetime(lines));

    [Theory, Trait("Spec", "RFC 9213 §2.1"), Trait("Kind", "required")]
    [InlineData("max-age =600")]
    [InlineData("max-age= 600")]
    [InlineData("max-age=600, &&&&&")]
    [InlineData("max-age=\"600\"")]
    [InlineData("max-age=600.5")]
    [InlineData("max-age")]
    [InlineData("Max-Age=600")]
    [InlineData("max-age=600,")]
    [InlineData("max-age=9999999999999999")]
    [InlineData("max-age=600, stale-if-error=x")]
    public void A_targeted_field_that_is_not_valid_is_ignored_as_a_whole(string value) =>
        Assert.Equal(7, Lifetime($"CDN-Cache-Control: {value}", "Cache-Control: max-age=7"));

    [Theory, Trait("Spec", "RFC 9213 §2.1"), Trait("Kind", "check")]
    [InlineData("max-age=600;x=1;y", 600)]
    [InlineData("foo=(1 2), max-age=600", 600)]
    [InlineData("max-age=99999999999", 2147483648)]
    [InlineData("max-age=-1", 0)]
    [InlineData("max-age=1, max-age=600", 600)]
    [InlineData("max-age=?0, s-maxage=600", 600)]
    public void Parameters_are_ignored_and_numbers_are_bounded(string value, double seconds) => Assert.Equal(seconds, Lifetime($"CDN-Cache-Control: {value}"));

    [Theory, Trait("Spec", "RFC 9213 §2.2"), Trait("Kind", "required")]
    [InlineData("no-store", NotStored.ForbiddenByNoStore)]
    [InlineData("no-store=1", NotStored.ForbiddenByNoStore)]
    [InlineData("private", NotStored.Private)]
    [InlineData("private=\"\"", NotStored.Private)]
    [InlineData("no-store=?0, max-age=60", null)]
    [InlineData("max-age=60", null)]
    public void What_a_targeted_field_forbids_is_forbidden_and_nothing_else(string value, NotStored? why) => Assert.Equal(why, Storability.WhyNot(
        Given.Get(), Given.Ok($"CDN-Cache-Control: {value}", "Cache-Control: private, max-age=600"), StorabilityOptions.Default));

    [Fact, Trait("Spec", "RFC 9213 §2.2"), Trait("Kind", "required")]
    public void Stale_reuse_goes_by_the_targeted_field_too()
    {
        var stored = Given.Stored("CDN-Cache-Control: max-age=1, stale-while-revalidate=9, no-cache=\"set-cookie\"", "Cache-Control: must-revalidate");
        Assert.Equal(Given.Seconds(9), stored.CacheControl.StaleWhileRevalidate);
        Assert.False(stored.CacheControl.MustRevalidate);
        Assert.Equal("set-cookie", Assert.Single(stored.CacheControl.NoCacheFields));
        Assert.True(stored.CacheControl.IsTargeted);
    }

    [Fact]
    public void Whatever_a_targeted_field_says_reading_ends_and_a_lifetime_is_in_bounds() =>
        Gen.Char[" ,;=\"?01-.maxgestoresprivate\u00e9"].Array[0, 40].Sample(chars =>
            Lifetime($"CDN-Cache-Control: max-age=5, {new string(chars)}", "Cache-Control: max-age=7") is >= 0 and <= 2147483648);

    [Fact, Trait("Spec", "RFC 9213 §3"), Trait("Kind", "check")]
    public void Without_targets_Cache_Control_decides() => Assert.Equal(
        7, FreshnessLifetime.Of(Given.Ok("CDN-Cache-Control: max-age=600", "Cache-Control: max-age=7"), Given.Now, FreshnessOptions.Default with { Targets = TargetList.None }).Value.TotalSeconds);
}
