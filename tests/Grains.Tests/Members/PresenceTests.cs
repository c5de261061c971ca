using Granary.Grains.Members;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Members;

public sealed class PresenceTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Presence _presence;

    public PresenceTests() => _presence = new Presence(_clock);

    [Fact]
    public void Before_it_is_a_member_there_is_nothing_to_doubt()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(_presence.IsDoubtful);
    }

    [Fact]
    public void While_it_beats_there_is_no_doubt()
    {
        _presence.Begin();
        Beats(TimeSpan.FromMinutes(1));
        Assert.False(_presence.IsDoubtful);
    }

    [Fact]
    public void A_silo_that_was_away_is_in_doubt_before_its_next_beat_and_beats_do_not_end_that()
    {
        _presence.Begin();
        _clock.Advance(TimeSpan.FromSeconds(2.1));
        Assert.True(_presence.IsDoubtful);
        Beats(TimeSpan.FromSeconds(30));
        Assert.True(_presence.IsDoubtful);
    }

    [Fact]
    public void A_table_that_was_read_since_ends_the_doubt()
    {
        GoesAway();
        var begun = _clock.GetTimestamp();
        Beats(TimeSpan.FromSeconds(1));
        Assert.True(_presence.Confirm(begun));
        Assert.False(_presence.IsDoubtful);
        Beats(TimeSpan.FromSeconds(5));
        Assert.False(_presence.IsDoubtful);
    }

    [Fact]
    public void A_table_that_was_read_before_it_went_away_says_nothing()
    {
        _presence.Begin();
        var begun = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.False(_presence.Confirm(begun)); // not even a beat since
        _presence.Beat();
        Assert.False(_presence.Confirm(begun));
        Assert.True(_presence.IsDoubtful);
    }

    [Fact]
    public void A_table_whose_reading_was_interrupted_by_another_absence_says_nothing()
    {
        GoesAway();
        var begun = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(3));
        _presence.Beat();
        Assert.False(_presence.Confirm(begun));
        Assert.True(_presence.Confirm(_clock.GetTimestamp()));
    }

    [Fact]
    public void A_silo_that_leaves_is_in_doubt_at_once_and_nothing_ends_that()
    {
        _presence.Begin();
        _presence.Leave();
        Assert.True(_presence.IsDoubtful);
        _presence.Beat();
        Assert.True(_presence.IsDoubtful);
        _presence.Confirm(_clock.GetTimestamp());
        Assert.True(_presence.IsDoubtful);
    }

    private void GoesAway()
    {
        _presence.Begin();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _presence.Beat();
    }

    private void Beats(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Presence.Period)
        {
            _clock.Advance(Presence.Period);
            _presence.Beat();
        }
    }
}
