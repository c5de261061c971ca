using System.Diagnostics.Metrics;
using Granary.Edge.Figures;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Dashboard;

public sealed class FiguresTests
{
    [Fact]
    public void What_is_asked_for_often_stays_among_many_that_are_asked_for_once()
    {
        var urls = new HotUrls();
        urls.Begin();
        for (var i = 0; i < 20_000; i++)
        {
            urls.Note($"http://host/once/{i}");
            if (i % 10 < 3) urls.Note("http://host/often");
            if (i % 20 == 0) urls.Note("http://host/now-and-then");
        }

        Assert.Equal("http://host/often", urls.Top(1)[0].Key);
        Assert.True(urls.Top(5_000).Length <= 2048);
    }

    [Fact]
    public void Nothing_is_counted_while_nobody_looks()
    {
        var urls = new HotUrls();
        urls.Note("http://host/");
        urls.Begin();
        Assert.Empty(urls.Top(10));
        urls.Note(new string('x', 5000));
        Assert.Empty(urls.Top(10));
        urls.Note("http://host/");
        Assert.Single(urls.Top(10));
        urls.End();
        Assert.Empty(urls.Top(10));
    }

    [Fact]
    public void A_steady_rate_comes_out_as_its_requests_in_a_minute_and_fades_when_it_ends()
    {
        var urls = new HotUrls();
        urls.Begin();
        for (var tick = 0; tick < 100; tick++)
        {
            for (var i = 0; i < 50; i++) urls.Note("http://host/");
            urls.Fade();
        }

        Assert.InRange(urls.Top(1)[0].Requests, 420, 520); // 500 a minute; less by half a tick or so
        for (var tick = 0; tick < 100; tick++) urls.Fade();
        Assert.Empty(urls.Top(1));
    }

    [Theory]
    [InlineData(0.000_05)]
    [InlineData(0.001)]
    [InlineData(0.73)]
    [InlineData(40)]
    public void Percentiles_are_within_a_tenth_of_what_was_measured(double seconds)
    {
        using var provider = Meters();
        using var latencies = new Latencies(provider.GetRequiredService<IMeterFactory>());
        latencies.Add(1e-6, [new("cache", "uri-miss")]);
        for (var i = 0; i < 100; i++) latencies.Add(seconds, [new("http.request.method", "GET"), new("cache", "hit")]);
        latencies.Add(seconds * 100, [new("http.request.method", "GET")]); // no matter of the cache

        var found = latencies.Of(0)!.Value;
        Assert.InRange(found.P50.TotalSeconds, seconds * 0.9, seconds * 1.1);
        Assert.Equal(found.P50, found.P99);
        Assert.NotNull(latencies.Of(OutcomeFigures.Words.IndexOf("uri-miss")));
        Assert.Null(latencies.Of(OutcomeFigures.Words.IndexOf("stale")));
    }

    [Fact]
    public void Durations_out_of_all_bounds_are_counted_at_the_ends()
    {
        using var provider = Meters();
        using var latencies = new Latencies(provider.GetRequiredService<IMeterFactory>());
        foreach (var odd in new[] { 0, -1, double.Epsilon, 1e12 }) latencies.Add(odd, [new("cache", "none")]);
        Assert.True(latencies.Of(null)!.Value.P99 > latencies.Of(null)!.Value.P50);
    }

    [Fact]
    public void Counts_of_all_processors_are_put_together_by_word_and_collapsing()
    {
        using var provider = Meters();
        var figures = new OutcomeFigures(provider.GetRequiredService<IMeterFactory>());
        Parallel.For(0, 10_000, i => figures.Count(i % 2, isCollapsed: i % 4 == 1, content: 3));

        var counts = figures.Read();
        Assert.Equal(new OutcomeCount(5000, 0, 15_000), counts[0]);
        Assert.Equal(new OutcomeCount(2500, 2500, 15_000), counts[1]);
        Assert.Equal(OutcomeFigures.Words.Length, counts.Length);
        Assert.Equal(0, counts[^1].Requests);
    }

    private static ServiceProvider Meters() => new ServiceCollection().AddMetrics().BuildServiceProvider();
}
