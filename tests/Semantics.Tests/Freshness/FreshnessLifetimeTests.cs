using CsCheck;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §4.2.1"), Trait("Kind", "required")]
public sealed class FreshnessLifetimeTests
{
    private static Lifetime Of(ResponseHead response) => FreshnessLifetime.Of(response, Given.Now, FreshnessOptions.Default);

    private static string Date(double seconds) => $"Date: {Given.At(seconds)}";

    private static string Expires(double seconds) => $"Expires: {Given.At(seconds)}";

    [Theory]
    [InlineData("s-maxage=10, max-age=60", 10, LifetimeSource.SMaxAge)]
    [InlineData("max-age=60, s-maxage=3600", 3600, LifetimeSource.SMaxAge)]
    [InlineData("s-maxage=0, max-age=60", 0, LifetimeSource.SMaxAge)]
    [InlineData("s-maxage=x, max-age=60", 0, LifetimeSource.SMaxAge)]
    [InlineData("max-age=60", 60, LifetimeSource.MaxAge)]
    [InlineData("public", 3600, LifetimeSource.Expires)]
    [InlineData("max-age=99999999999", 2147483648, LifetimeSource.MaxAge)]
    public void Given_several_sources_then_the_first_present_decides(string directives, long seconds, LifetimeSource source) =>
        Assert.Equal(new Lifetime(Given.Seconds(seconds), source), Of(Given.Ok($"Cache-Control: {directives}", Date(0), Expires(3600))));

    [Theory, Trait("Spec", "RFC 9111 §5.3")]
    [InlineData(0, 60, 60)]
    [InlineData(0, 0, 0)]
    [InlineData(0, -60, 0)]
    [InlineData(400, 300, 0)]
    [InlineData(10, 20, 10)]
    [InlineData(-1000, 60, 1060)]
    public void Given_expires_then_the_lifetime_is_the_difference_to_date(double date, double expires, long seconds) =>
        Assert.Equal(new Lifetime(Given.Seconds(seconds), LifetimeSource.Expires), Of(Given.Ok(Date(date), Expires(expires))));

    [Theory, Trait("Spec", "RFC 9111 §5.3")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("Thu, 18 Aug 2050 02:01:18 UTC")]
    [InlineData("Thu, 18 Aug 2050 02:01:18 AEST")]
    public void Given_an_invalid_expires_then_it_is_in_the_past_and_nothing_is_guessed(string expires) =>
        Assert.Equal(new Lifetime(TimeSpan.Zero, LifetimeSource.Expires),
            Of(Given.Ok($"Expires: {expires}", Date(0), $"Last-Modified: {Given.At(-100000)}")));

    [Fact]
    public void Given_expires_twice_then_the_earlier_counts() =>
        Assert.Equal(Given.Seconds(10), Of(Given.Ok(Date(0), Expires(60), Expires(10))).Value);

    [Fact]
    public void Given_expires_twice_and_one_invalid_then_it_is_stale() =>
        Assert.Equal(TimeSpan.Zero, Of(Given.Ok(Date(0), Expires(60), "Expires: 0")).Value);

    [Theory, Trait("Spec", "RFC 9110 §6.6.1")]
    [InlineData("Date: foo")]
    [InlineData("X-Date: none")]
    public void Given_no_valid_date_then_the_time_of_receipt_stands_for_it(string line) =>
        Assert.Equal(Given.Seconds(10), Of(Given.Ok(line, Expires(10))).Value);

    [Theory, Trait("Spec", "RFC 9111 §4.2.2")]
    [InlineData(200, true)]
    [InlineData(203, true)]
    [InlineData(204, true)]
    [InlineData(300, true)]
    [InlineData(301, true)]
    [InlineData(308, true)]
    [InlineData(404, true)]
    [InlineData(405, true)]
    [InlineData(410, true)]
    [InlineData(414, true)]
    [InlineData(501, true)]
    [InlineData(201, false)]
    [InlineData(202, false)]
    [InlineData(302, false)]
    [InlineData(307, false)]
    [InlineData(403, false)]
    [InlineData(500, false)]
    [InlineData(502, false)]
    [InlineData(503, false)]
    [InlineData(504, false)]
    [InlineData(599, false)]
    public void Given_only_last_modified_then_a_lifetime_is_guessed_for_some_status_codes(int status, bool guessed) =>
        Assert.Equal(guessed ? new Lifetime(Given.Seconds(1000), LifetimeSource.Heuristic) : Lifetime.None,
            Of(Given.Response(status, Date(0), $"Last-Modified: {Given.At(-10000)}")));

    [Fact, Trait("Spec", "RFC 9111 §4.2.2")]
    public void Given_public_then_a_lifetime_may_be_guessed_for_any_status_code() =>
        Assert.Equal(Given.Seconds(1000),
            Of(Given.Response(599, "Cache-Control: public", Date(0), $"Last-Modified: {Given.At(-10000)}")).Value);

    [Fact, Trait("Spec", "RFC 9111 §4.2.2")]
    public void Given_an_old_resource_then_the_guess_is_capped() =>
        Assert.Equal(TimeSpan.FromDays(1), Of(Given.Ok(Date(0), "Last-Modified: Mon, 01 Jan 0001 00:00:00 GMT")).Value);

    [Fact, Trait("Spec", "RFC 9111 §4.2.2")]
    public void Given_a_last_modified_after_date_then_nothing_is_guessed() =>
        Assert.Equal(Lifetime.None, Of(Given.Ok(Date(0), $"Last-Modified: {Given.At(1)}")));

    [Fact, Trait("Kind", "check")]
    public void Given_any_dates_then_a_lifetime_is_neither_negative_nor_immortal()
    {
        var instant = Gen.Long[0, DateTimeOffset.MaxValue.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
        Gen.Select(instant, instant, instant, instant, Gen.Double[-5, 5]).Sample((date, expires, modified, now, share) =>
        {
            foreach (var line in new[] { $"Expires: {HttpDate.Format(expires)}", $"Last-Modified: {HttpDate.Format(modified)}" })
            {
                var life = FreshnessLifetime.Of(
                    Given.Ok($"Date: {HttpDate.Format(date)}", line), now, new() { HeuristicFraction = share, HeuristicCap = TimeSpan.MaxValue });
                if (life.Value < TimeSpan.Zero || life.Value > DeltaSeconds.Max) return false;
            }

            return true;
        });
    }
}

[Trait("Spec", "RFC 9111 §4.2.3"), Trait("Kind", "required")]
public sealed class CurrentAgeTests
{
    private static TimeSpan Initial(double delay, params ReadOnlySpan<string> lines) =>
        CurrentAge.Initial(Given.Ok(lines), Given.Now.AddSeconds(-delay), Given.Now);

    [Theory]
    [InlineData(0, 0, "0", 0)]
    [InlineData(-10, 0, "0", 10)]
    [InlineData(-10, 0, "25", 25)]
    [InlineData(-10, 5, "25", 30)]
    [InlineData(-100, 5, "25", 100)]
    [InlineData(10, 0, "15", 15)]
    [InlineData(1000000, 0, "0", 0)]
    [InlineData(0, -100, "7", 7)]
    public void Given_date_delay_and_age_then_the_larger_estimate_counts(double date, double delay, string age, double seconds) =>
        Assert.Equal(Given.Seconds(seconds), Initial(delay, $"Date: {Given.At(date)}", $"Age: {age}"));

    [Theory, Trait("Spec", "RFC 9111 §5.1")]
    [InlineData("Age: 7200", 7200)]
    [InlineData("Age: 007200", 7200)]
    [InlineData("Age: abc", 0)]
    [InlineData("Age: -7200", 0)]
    [InlineData("Age: 7200.0", 0)]
    [InlineData("Age: 7200s", 0)]
    [InlineData("Age: \"7200\"", 0)]
    [InlineData("Age: ", 0)]
    [InlineData("Age: 7200,0", 7200)]
    [InlineData("Age: 0, 7200", 0)]
    [InlineData("Age: 7200|Age: 0", 7200)]
    [InlineData("Age: 0|Age: 7200", 0)]
    [InlineData("Age: 2147483647", 2147483647)]
    [InlineData("Age: 2147483649", 2147483648)]
    [InlineData("Age: 99999999999999999999", 2147483648)]
    public void Given_age_then_its_first_member_counts_if_valid(string lines, long seconds) =>
        Assert.Equal(Given.Seconds(seconds), CurrentAge.Initial(new(200, Given.Lines(lines)), Given.Now, Given.Now));

    [Theory]
    [InlineData("Date: foo")]
    [InlineData("X: y")]
    public void Given_no_valid_date_then_the_response_was_made_when_received(string line) => Assert.Equal(Given.Seconds(3), Initial(3, line));

    [Fact, Trait("Kind", "check")]
    public void Given_any_clocks_then_age_is_not_negative_and_grows_with_resident_time()
    {
        var instant = Gen.Long[0, DateTimeOffset.MaxValue.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
        Gen.Select(instant, instant, instant, Gen.ULong, Gen.Long[0, TimeSpan.MaxValue.Ticks], Gen.Long[0, TimeSpan.MaxValue.Ticks])
            .Sample((date, requested, received, age, a, b) =>
            {
                var stored = Semantics.StoredResponse.Of(Given.Get(),
                    Given.Ok($"Date: {HttpDate.Format(date)}", $"Age: {age}"), requested, received, FreshnessOptions.Default);
                var (less, more) = (new TimeSpan(Math.Min(a, b)), new TimeSpan(Math.Max(a, b)));
                return stored.InitialAge >= TimeSpan.Zero && stored.AgeAfter(less) <= stored.AgeAfter(more)
                    && stored.AgeAfter(less) >= stored.InitialAge && stored.AgeAfter(-more) == stored.InitialAge;
            });
    }
}
