using System.Globalization;
using CsCheck;
using Granary.Semantics.Fields;

namespace Granary.Tests;

[Trait("Spec", "RFC 9110 §5.6.7"), Trait("Kind", "required")]
public sealed class HttpDateTests
{
    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    [InlineData("  Sun, 06 Nov 1994 08:49:37 GMT\t")]
    [InlineData("SUN, 06 NOV 1994 08:49:37 gmt")]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT")]
    public void Given_one_of_the_three_forms_when_read_then_it_is_that_instant(string text)
    {
        Assert.True(HttpDate.TryParse(text, Given.Now, out var date));
        Assert.Equal(new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero), date);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("now")]
    [InlineData("Thu, 18 Aug 2050 02:01:18 UTC")]
    [InlineData("Thu, 18 Aug 2050 02:01:18 +0000")]
    [InlineData("Thu, 18 Aug 2050 02:01:18")]
    [InlineData("Thu, 18 Aug 50 02:01:18 GMT")]
    [InlineData("Thu 18 Aug 2050 02:01:18 GMT")]
    [InlineData("Thu, 18  Aug  2050 02:01:18 GMT")]
    [InlineData("Thu, 18-Aug-2050 02:01:18 GMT")]
    [InlineData("Thu, 18 Aug 2050 02.01.18 GMT")]
    [InlineData("Thu, 18 Aug 2050 2:01:18 GMT")]
    [InlineData("Thu, 18 Aug 2050 24:01:18 GMT")]
    [InlineData("Thu, 18 Aug 2050 02:60:18 GMT")]
    [InlineData("Thu, 18 Aug 2050 02:01:61 GMT")]
    [InlineData("Thu, 31 Feb 2050 02:01:18 GMT")]
    [InlineData("Thu, 00 Aug 2050 02:01:18 GMT")]
    [InlineData("Thu, 18 Aug 0000 02:01:18 GMT")]
    [InlineData("Thu, 1٨ Aug 2050 02:01:18 GMT")]
    [InlineData("Xxx, 18 Aug 2050 02:01:18 GMT")]
    [InlineData("2050-08-18T02:01:18Z")]
    [InlineData("Sun Nov  6 08:49:37 1994 GMT")]
    [InlineData("Sunday, 06-Nov-1994 08:49:37 GMT")]
    public void Given_any_other_form_when_read_then_it_is_no_date(string? text) =>
        Assert.False(HttpDate.TryParse(text, Given.Now, out _));

    [Theory]
    [InlineData("75", 2075)]
    [InlineData("76", 2076)]
    [InlineData("77", 1977)]
    [InlineData("26", 2026)]
    [InlineData("00", 2000)]
    [InlineData("99", 1999)]
    public void Given_a_two_digit_year_when_it_seems_over_50_years_ahead_then_it_is_in_the_past(string digits, int year)
    {
        Assert.True(HttpDate.TryParse($"Monday, 01-Feb-{digits} 00:00:00 GMT", Given.Now, out var date));
        Assert.Equal(year, date.Year);
    }

    [Fact]
    public void Given_a_two_digit_year_when_it_is_50_years_and_a_day_ahead_then_it_is_in_the_past()
    {
        Assert.True(HttpDate.TryParse("Tuesday, 05-May-76 12:00:00 GMT", Given.Now, out var date));
        Assert.Equal(1976, date.Year);
    }

    [Fact]
    public void Given_a_leap_second_when_read_then_it_is_the_second_before()
    {
        Assert.True(HttpDate.TryParse("Sat, 31 Dec 2016 23:59:60 GMT", Given.Now, out var date));
        Assert.Equal(59, date.Second);
    }

    [Fact, Trait("Kind", "check")]
    public void Given_any_instant_when_written_and_read_then_it_is_the_same_second() =>
        Gen.Long[0, 9998L * 365 * 86400].Sample(seconds =>
        {
            var instant = DateTimeOffset.MinValue.AddSeconds(seconds);
            return HttpDate.TryParse(HttpDate.Format(instant), Given.Now, out var read) && read == instant;
        });

    [Fact, Trait("Kind", "check")]
    public void Given_any_text_and_any_clock_when_read_then_nothing_throws()
    {
        var text = Gen.OneOf(Gen.String, Gen.String[Gen.Char["SunMoay, -:0123456789GMTNov"], 20, 35]);
        Gen.Select(text, Gen.Long[0, DateTimeOffset.MaxValue.Ticks]).Sample((s, ticks) =>
        {
            _ = HttpDate.TryParse(s, new DateTimeOffset(ticks, TimeSpan.Zero), out _);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9999)]
    public void Given_a_clock_at_the_edge_of_time_when_a_two_digit_year_is_read_then_nothing_throws(int year)
    {
        for (var digits = 0; digits < 100; digits++)
            _ = HttpDate.TryParse(
                string.Create(CultureInfo.InvariantCulture, $"Monday, 01-Feb-{digits:00} 00:00:00 GMT"),
                new DateTimeOffset(year, 6, 1, 0, 0, 0, TimeSpan.Zero), out _);
    }
}
