using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Leases;

/// <summary>What a silo owes one edge: time, numbers, recalls.</summary>
public sealed class SessionTests
{
    private const string Uri = "http://example.org/logo";

    private readonly FakeTimeProvider _clock = new();
    private long _numbers = 100;

    [Fact]
    public void Given_a_new_edge_when_it_polls_then_it_is_answered_at_once_with_a_number()
    {
        var session = Session();
        Assert.Null(session.Hear(0, 0));
        var heard = session.Answer()!;
        Assert.Equal((101, 0, 5), (heard.Session, heard.Last, heard.Duration.TotalSeconds));
    }

    [Fact]
    public void Given_nothing_to_say_when_it_polls_again_then_the_answer_waits()
    {
        var (session, heard) = Begun();
        Assert.False(session.Hear(heard.Session, 0)!.IsCompleted);
    }

    [Fact]
    public void Given_a_waiting_poll_when_something_is_recalled_then_it_is_answered()
    {
        var (session, heard) = Begun();
        var waiting = session.Hear(heard.Session, 0)!;
        session.Recall([Uri]);
        Assert.True(waiting.IsCompleted);
        Assert.Equal(Uri, Assert.IsType<Recall.Uris>(Assert.Single(session.Answer()!.Recalls)).Keys.Single());
    }

    [Fact]
    public void Given_a_waiting_poll_when_another_comes_then_the_older_is_answered_at_once()
    {
        var (session, heard) = Begun();
        var older = session.Hear(heard.Session, 0)!;
        var newer = session.Hear(heard.Session, 0)!;
        Assert.True(older.IsCompleted);
        Assert.False(newer.IsCompleted);
    }

    [Fact]
    public void Given_a_recall_when_the_poll_after_its_answer_acknowledges_then_it_is_over()
    {
        var (session, heard) = Begun();
        var receipt = session.Recall([Uri])!;
        heard = session.Answer()!;
        Assert.False(receipt.IsOver(_clock));
        session.Hear(heard.Session, heard.Last);
        Assert.True(receipt.IsOver(_clock));
        Assert.Empty(session.Answer()!.Recalls);
    }

    [Fact]
    public void Given_a_recall_that_was_not_sent_yet_when_an_edge_acknowledges_what_it_cannot_have_heard_then_it_is_not_over()
    {
        var (session, heard) = Begun();
        var receipt = session.Recall([Uri])!;
        session.Hear(heard.Session, long.MaxValue);
        Assert.False(receipt.IsOver(_clock));
    }

    [Fact]
    public void Given_a_recall_when_the_answer_is_lost_then_the_next_brings_it_again()
    {
        var (session, heard) = Begun();
        session.Recall([Uri]);
        session.Answer();
        Assert.Null(session.Hear(heard.Session, heard.Last));
        Assert.Single(session.Answer()!.Recalls);
    }

    [Fact]
    public void Given_a_recall_when_the_edge_goes_on_polling_without_acknowledging_then_it_is_over_one_lease_after_the_answer_before_it()
    {
        var (session, heard) = Begun();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var receipt = session.Recall([Uri])!;
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            session.Hear(heard.Session, heard.Last);
            session.Answer();
        }

        Assert.False(receipt.IsOver(_clock));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(receipt.IsOver(_clock));
        Assert.Single(session.Answer()!.Recalls); // but it is still told
    }

    [Fact]
    public void Given_a_session_that_ran_out_then_it_is_over_for_ever()
    {
        var (session, heard) = Begun();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(session.IsOver);
        Assert.Null(session.Recall([Uri]));
        session.Hear(heard.Session, 0);
        Assert.Null(session.Answer());
        Assert.False(session.TryHold(heard.Session));
    }

    [Fact]
    public void Given_less_than_half_of_it_left_when_a_poll_comes_then_it_is_renewed_at_once()
    {
        var (session, heard) = Begun();
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(session.Hear(heard.Session, 0));
    }

    [Fact]
    public void Given_a_poll_with_another_number_then_there_is_a_new_one_and_what_was_recalled_stays_owed()
    {
        var (session, heard) = Begun();
        var receipt = session.Recall([Uri])!;
        Assert.Null(session.Hear(0, 7));
        var anew = session.Answer()!;
        Assert.NotEqual(heard.Session, anew.Session);
        Assert.Single(anew.Recalls);
        Assert.False(session.TryHold(heard.Session));
        Assert.False(receipt.IsOver(_clock));
        session.Hear(anew.Session, anew.Last);
        Assert.True(receipt.IsOver(_clock));
    }

    [Fact]
    public void Given_more_recalls_than_there_is_room_for_then_the_edge_lets_go_of_everything_and_its_next_poll_acknowledges_all()
    {
        var (session, heard) = Begun();
        var receipts = Enumerable.Range(0, 20_000).Select(i => session.Recall([$"{Uri}/{i}"])!).ToArray();
        session.Hear(heard.Session, heard.Last);
        var anew = session.Answer()!;
        Assert.NotEqual(heard.Session, anew.Session);
        Assert.InRange(anew.Recalls.Length, 0, 5_000);
        Assert.DoesNotContain(receipts, receipt => receipt.IsOver(_clock));
        session.Hear(anew.Session, anew.Last);
        Assert.All(receipts, receipt => Assert.True(receipt.IsOver(_clock)));
    }

    [Fact]
    public void Given_a_uri_that_is_recalled_twice_before_it_is_sent_then_it_is_told_once()
    {
        var (session, _) = Begun();
        session.Tell(Uri);
        var receipt = session.Recall([Uri])!;
        var heard = session.Answer()!;
        Assert.Single(heard.Recalls);
        session.Hear(heard.Session, heard.Last);
        Assert.True(receipt.IsOver(_clock));
    }

    [Fact]
    public void Given_a_uri_that_is_recalled_again_after_it_was_sent_then_it_is_told_again()
    {
        var (session, heard) = Begun();
        session.Tell(Uri);
        heard = session.Answer()!;
        var receipt = session.Recall([Uri])!;
        session.Hear(heard.Session, heard.Last);
        Assert.False(receipt.IsOver(_clock));
        Assert.Single(session.Answer()!.Recalls);
    }

    [Fact]
    public void Given_an_edge_that_holds_nothing_then_numbers_are_not_recalled_from_it()
    {
        var (session, heard) = Begun();
        var recall = new Recall.Numbered(new Scope.All(), false, 1);
        Assert.Null(session.Recall(recall));
        Assert.True(session.TryHold(heard.Session));
        Assert.NotNull(session.Recall(recall));
    }

    [Fact]
    public void Given_a_last_word_of_an_older_session_then_it_ends_nothing()
    {
        var (session, heard) = Begun();
        session.Hear(0, 0);
        session.Answer();
        var receipt = session.Recall([Uri])!;
        Assert.False(session.TryGiveUp(heard.Session));
        Assert.False(receipt.IsOver(_clock));
        Assert.True(session.TryGiveUp(session.Answer()!.Session));
        Assert.True(receipt.IsOver(_clock));
    }

    [Fact]
    public void Given_a_session_that_is_ended_then_it_is_not_renewed_and_the_poll_with_its_last_number_acknowledges()
    {
        var (session, heard) = Begun();
        var waiting = session.Hear(heard.Session, 0)!;
        var ended = session.End()!;
        Assert.True(waiting.IsCompleted);
        var last = session.Answer()!;
        Assert.Equal(TimeSpan.Zero, last.Duration);
        Assert.NotEqual(heard.Session, last.Session);
        Assert.False(session.TryHold(last.Session));
        Assert.False(ended.IsOver(_clock));
        session.Hear(last.Session, last.Last);
        Assert.True(ended.IsOver(_clock));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(session.IsOver);
    }

    private Session Session() => new("edge", new LeaseOptions(), _clock, () => ++_numbers);

    private (Session, MemberReply.Heard) Begun()
    {
        var session = Session();
        session.Hear(0, 0);
        return (session, session.Answer()!);
    }
}
