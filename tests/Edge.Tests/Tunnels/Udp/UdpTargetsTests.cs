using System.Net;
using Granary.Edge.Tunnels.Socks.Udp;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Tunnels.Udp;

[Trait("Spec", "RFC 1928 §7")]
public sealed class UdpTargetsTests : IDisposable
{
    private static readonly IPEndPoint Peer = new(IPAddress.Parse("192.0.2.1"), 443);

    private readonly FakeTimeProvider _clock = new();
    private readonly UdpTargets _targets;

    public UdpTargetsTests() => _targets = new UdpTargets(_clock);

    public void Dispose() => _targets.Dispose();

    [Fact]
    public void What_was_decided_holds_for_30_seconds_and_so_long_answers_are_taken()
    {
        var target = Of("example.org", out _)!;
        target.Decide(Peer, null, null);
        _targets.Used(Peer);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Same(target, Of("example.org", out var isNew));
        Assert.False(isNew);
        Assert.True(_targets.Answers(Peer));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(target, Of("example.org", out isNew));
        Assert.True(isNew);
        Assert.False(_targets.Answers(Peer));
    }

    [Fact]
    public void What_is_being_decided_is_not_asked_for_again()
    {
        var target = Of("example.org", out _);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Same(target, Of("example.org", out var isNew));
        Assert.False(isNew);
    }

    [Fact]
    public void There_are_no_more_targets_than_allowed_until_old_ones_are_over()
    {
        for (var i = 0; i < UdpTargets.Most; i++) Of($"{i}.example", out _)!.Decide(null, null, null);
        Assert.Null(Of("one.more.example", out _));
        _clock.Advance(UdpTargets.Holds);
        Assert.NotNull(Of("one.more.example", out _));
    }

    [Fact]
    public void In_each_second_so_many_may_go()
    {
        var rate = new UdpRate(2, _clock);
        Assert.Equal([true, true, false], new[] { rate.MayGo(), rate.MayGo(), rate.MayGo() });
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(rate.MayGo());
    }

    private UdpTarget? Of(string host, out bool isNew) => _targets.Of(new UdpHeader(host, 443, 10), out isNew);
}
