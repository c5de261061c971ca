using System.Globalization;
using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>The wall clock is set while time passes as ever: lifetimes are by the monotonic clock.</summary>
[Trait("Fault", "17")]
public sealed class ClockJumpTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private OneProcess _process = null!;
    private Client _client = null!;

    public static TheoryData<double> Hours => [1, -1, 24 * 365 * 10, -24 * 365 * 10];

    public async Task InitializeAsync()
    {
        _process = await OneProcess.Starts(_origin);
        _client = _process.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory, MemberData(nameof(Hours))]
    public async Task What_is_stored_neither_ages_nor_grows_younger_when_the_clock_is_set(double hours)
    {
        _origin.Acts("/item", side => side.Answers(200, ["Cache-Control: max-age=60", $"Date: {_process.Clock.Date()}"], "x"));
        await _client.Asks("/item").Gets(200, "x", Outcome.Stored);
        _process.Clock.Passes(10.Seconds());
        _process.Clock.IsSet(TimeSpan.FromHours(hours));
        (await _client.Asks("/item").Gets(200, "x", Outcome.Hit)).Has("Age: 10");
        _process.Clock.Passes(49.Seconds());
        (await _client.Asks("/item").Gets(200, "x", Outcome.Hit)).Has("Age: 59");
        _process.Clock.Passes(2.Seconds());
        await _client.Asks("/item").Gets(200, "x", Outcome.Stale);
    }

    [Theory, MemberData(nameof(Hours))]
    public async Task What_is_fetched_by_a_wrong_clock_is_never_immortal_and_its_age_never_negative(double hours)
    {
        var right = _process.Clock.Date();
        _process.Clock.IsSet(TimeSpan.FromHours(hours));
        _origin.Answers("/item", 200, ["Cache-Control: max-age=60", $"Date: {right}"], "x");
        _origin.Answers("/expires", 200, [$"Date: {right}", $"Expires: {Clock.Start.AddSeconds(60).ToString("R", CultureInfo.InvariantCulture)}"], "x");
        foreach (var path in new[] { "/item", "/expires" })
        {
            await _client.Asks(path).Gets(200, "x", Outcome.Stored);
            var again = await _client.Asks(path).Gets(200, "x");
            Assert.True(long.Parse(again.Field("Age") ?? "0", CultureInfo.InvariantCulture) >= 0, again.Field("Age"));
            _process.Clock.Passes(61.Seconds());
            Assert.DoesNotContain("; hit", (await _client.Asks(path).Gets(200, "x")).CacheStatus, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_time_out_is_counted_by_the_monotonic_clock()
    {
        _origin.Acts("/silent", side => side.Waits());
        var asking = _client.Asks("/silent");
        await _origin.IsAsked("/silent");
        _process.Clock.IsSet(10.Hours());
        _process.Clock.IsSet(-20.Hours());
        Assert.False(asking.Ends.IsCompleted);
        await _process.Clock.PassesUntil(asking.Ends, Limits.Head);
        await asking.Fails(504, "head", "http_response_timeout");
    }
}
