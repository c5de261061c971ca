using Granary.Semantics.Freshness;
using Granary.Semantics.Storability;

namespace Granary.Tests;

public sealed class ConfiguredLifetimeTests
{
    private static readonly FreshnessOptions Options = new()
    {
        DefaultLifetime = Given.Seconds(60),
        ClientErrorLifetime = Given.Seconds(10),
        ServerErrorLifetime = Given.Seconds(5),
    };

    [Theory]
    [InlineData(200, 60)]
    [InlineData(204, 60)]
    [InlineData(301, 60)]
    [InlineData(404, 10)]
    [InlineData(410, 10)]
    [InlineData(500, 5)]
    [InlineData(504, 5)]
    [InlineData(302, 0)]
    [InlineData(401, 0)]
    [InlineData(403, 0)]
    [InlineData(429, 0)]
    [InlineData(511, 0)]
    public void It_is_that_of_the_status(int status, double seconds)
    {
        var lifetime = FreshnessLifetime.Of(Given.Response(status), Given.Now, Options);
        Assert.Equal(seconds, lifetime.Value.TotalSeconds);
        Assert.Equal(Lifetime.None, FreshnessLifetime.Of(Given.Response(status), Given.Now, FreshnessOptions.Default));
        Assert.False(lifetime.IsExplicit);
        Assert.Equal(seconds > 0, Storability.WhyNot(Given.Get(), Given.Response(status), new() { Freshness = Options }) is null);
    }

    [Theory]
    [InlineData(7, "Cache-Control: max-age=7")]
    [InlineData(0, "Cache-Control: max-age=0")]
    [InlineData(0, "Expires: 0")]
    [InlineData(8.64, "Last-Modified: Mon, 04 May 2026 11:58:33 GMT")]
    public void Whatever_the_origin_says_or_lets_guess_goes_before(double seconds, string field) =>
        Assert.Equal(seconds, FreshnessLifetime.Of(Given.Ok(field), Given.Now, Options).Value.TotalSeconds, 0.1);

    [Theory]
    [InlineData("Cache-Control: no-store")]
    [InlineData("Cache-Control: private")]
    [InlineData("Vary: *")]
    [InlineData("Set-Cookie: a=b")]
    public void It_overrules_nothing_that_forbids_storing(string field) =>
        Assert.NotNull(Storability.WhyNot(Given.Get(), Given.Ok(field), new() { Freshness = Options }));
}
