using Granary.Edge.Owners;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Owners;

/// <summary>P3: with no silo there, a request costs the origin little, and is answered all the same.</summary>
public sealed class BypassesTests
{
    private const string Uri = "http://example.org/endless";

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Given_responses_that_do_not_end_when_others_ask_for_the_URI_then_they_wait_no_longer_than_two_seconds()
    {
        var bypasses = new Bypasses(_clock);
        using var first = await bypasses.Enter(Uri, CancellationToken.None);
        using var second = await bypasses.Enter(Uri, CancellationToken.None);
        var third = bypasses.Enter(Uri, CancellationToken.None);

        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(third.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        using var late = await third;
        Assert.True(late.HasWaited);
    }

    [Fact]
    public async Task When_a_turn_ends_then_the_next_has_it_at_once()
    {
        var bypasses = new Bypasses(_clock);
        var first = await bypasses.Enter(Uri, CancellationToken.None);
        using var second = await bypasses.Enter(Uri, CancellationToken.None);
        var third = bypasses.Enter(Uri, CancellationToken.None);

        first.Dispose();

        using var next = await third;
        Assert.NotNull(next.Turns);
    }
}
