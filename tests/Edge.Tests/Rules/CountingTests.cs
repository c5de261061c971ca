using System.Net;
using CsCheck;
using Granary.Edge.Rules.Limits;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Rules;

public sealed class CountingTests
{
    private readonly FakeTimeProvider _clock = new();

    private static readonly ClientKey Someone = ClientKey.Of(IPAddress.Parse("192.0.2.1"));

    private RateLimit Limit(RateLimitKind kind, int permits, int burst = 0, int most = 100) =>
        new(new RateLimitSettings { Name = "limit", Kind = kind, Permits = permits, Window = 1.Seconds(), Burst = burst }, _clock, most);

    private static int Granted(RateLimit limit, int asked, ClientKey client) => Enumerable.Range(0, asked).Count(_ => limit.Take(client).RetryAfter is null);

    [Theory]
    [InlineData(RateLimitKind.TokenBucket)]
    [InlineData(RateLimitKind.FixedWindow)]
    [InlineData(RateLimitKind.SlidingWindow)]
    public void So_many_are_granted_and_after_a_while_so_many_again(RateLimitKind kind)
    {
        var limit = Limit(kind, 10);
        Assert.Equal(10, Granted(limit, 100, Someone));
        _clock.Advance(2.Seconds());
        Assert.Equal(10, Granted(limit, 100, Someone));
    }

    [Fact]
    public void Tokens_come_back_evenly_and_no_more_than_the_bucket_holds()
    {
        var limit = Limit(RateLimitKind.TokenBucket, permits: 10, burst: 30);
        Assert.Equal(30, Granted(limit, 100, Someone));
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(1, Granted(limit, 5, Someone));
        }

        _clock.Advance(60.Seconds());
        Assert.Equal(30, Granted(limit, 100, Someone));
    }

    [Fact]
    public void A_fixed_window_forgets_all_at_its_end_and_a_sliding_one_little_by_little()
    {
        var (fixedly, sliding) = (Limit(RateLimitKind.FixedWindow, 10), Limit(RateLimitKind.SlidingWindow, 10));
        _clock.Advance(TimeSpan.FromMilliseconds(900));
        Assert.Equal(10, Granted(fixedly, 100, Someone));
        Assert.Equal(10, Granted(sliding, 100, Someone));
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(10, Granted(fixedly, 100, Someone));
        Assert.Equal(1, Granted(sliding, 100, Someone));
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(4, Granted(sliding, 100, Someone));
    }

    [Fact]
    public void So_many_at_a_time_and_another_when_one_has_ended()
    {
        var limit = Limit(RateLimitKind.Concurrency, 2);
        var (one, two) = (limit.Take(Someone), limit.Take(Someone));
        Assert.Equal(1, limit.Take(Someone).RetryAfter);
        one.Dispose();
        Assert.Null(limit.Take(Someone).RetryAfter);
        Assert.NotNull(limit.Take(Someone).RetryAfter);
        two.Dispose();
        Assert.Null(limit.Take(Someone).RetryAfter);
    }

    [Theory, Trait("Spec", "RFC 6585 §4"), Trait("Kind", "check")]
    [InlineData(RateLimitKind.TokenBucket)]
    [InlineData(RateLimitKind.FixedWindow)]
    [InlineData(RateLimitKind.SlidingWindow)]
    public void Who_comes_again_when_told_to_is_let_in(RateLimitKind kind) =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 40], Gen.Long[0, 5000].Array[1, 60]).Sample((permits, seconds, pauses) =>
        {
            var clock = new FakeTimeProvider();
            var limit = new RateLimit(new RateLimitSettings { Name = "limit", Kind = kind, Permits = permits, Window = seconds.Seconds() }, clock);
            foreach (var pause in pauses)
            {
                clock.Advance(TimeSpan.FromMilliseconds(pause));
                if (limit.Take(Someone).RetryAfter is not { } wait) continue;
                Assert.InRange(wait, 1, 2 * seconds);
                clock.Advance(wait.Seconds());
                Assert.Null(limit.Take(Someone).RetryAfter);
            }
        }, iter: 300);

    [Fact]
    public void No_window_of_whatever_begin_has_more_than_a_fixed_one_would_in_two() => Gen.Long[0, 400].Array[1, 200].Sample(pauses =>
    {
        var clock = new FakeTimeProvider();
        var limit = new RateLimit(new RateLimitSettings { Name = "limit", Kind = RateLimitKind.SlidingWindow, Permits = 7, Window = 1.Seconds() }, clock);
        var granted = new List<long>();
        foreach (var pause in pauses)
        {
            clock.Advance(TimeSpan.FromMilliseconds(pause));
            if (limit.Take(Someone).RetryAfter is null) granted.Add(clock.GetTimestamp());
        }

        foreach (var begin in granted) Assert.InRange(granted.Count(at => at >= begin && at < begin + clock.TimestampFrequency), 1, 14);
    }, iter: 200);

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "0.0.0.1", false)]
    public void A_client_is_an_address_or_a_network_of_64_bits(string one, string other, bool areSame) =>
        Assert.Equal(areSame, ClientKey.Of(IPAddress.Parse(one)) == ClientKey.Of(IPAddress.Parse(other)));

    [Fact, Trait("Promise", "P7")]
    public void An_attacker_with_many_addresses_takes_no_memory_and_nothing_from_those_who_were_there()
    {
        var limit = Limit(RateLimitKind.FixedWindow, 5, most: 100);
        Assert.Null(limit.Take(Someone).RetryAfter);
        var granted = Enumerable.Range(0, 10_000).Sum(i => Granted(limit, 1, new ClientKey((ulong)i + 1, uint.MaxValue)));
        Assert.Equal(99 + 5, granted); // so many have a share of their own, and all others one together
        Assert.Equal(100, limit.Clients);
        Assert.Equal(4, Granted(limit, 100, Someone));
        _clock.Advance(3.Seconds());
        Assert.Equal(1, Granted(limit, 1, new ClientKey(77_777, uint.MaxValue)));
        Assert.InRange(limit.Clients, 1, 100);
    }

    [Fact]
    public void Requests_under_way_are_counted_while_others_come_and_go()
    {
        var limit = Limit(RateLimitKind.Concurrency, 1, most: 4);
        var held = limit.Take(Someone);
        for (var i = 0; i < 50; i++)
        {
            limit.Take(new ClientKey((ulong)i + 1, uint.MaxValue)).Dispose();
            _clock.Advance(2.Seconds());
        }

        Assert.NotNull(limit.Take(Someone).RetryAfter);
        held.Dispose();
        Assert.Null(limit.Take(Someone).RetryAfter);
    }

    [Fact]
    public async Task However_many_ask_at_once_no_more_are_granted()
    {
        var limit = Limit(RateLimitKind.TokenBucket, 1000);
        var granted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Granted(limit, 1000, Someone))));
        Assert.Equal(1000, granted.Sum());
    }
}
