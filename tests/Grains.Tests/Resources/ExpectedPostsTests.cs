using Granary.Grains.Groups;
using Granary.Grains.Resources.Posts;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Resources;

[Trait("Promise", "P2")]
public sealed class ExpectedPostsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly GroupEpochs _epochs;
    private readonly ExpectedPosts _posts;

    public ExpectedPostsTests()
    {
        _epochs = new GroupEpochs(clock: _clock);
        _posts = new ExpectedPosts(_epochs, _clock, capacity: 4);
        Passes(100);
    }

    private void Passes(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Quiet_reaches_back_to_the_invalidation_before_that_of_the_POST()
    {
        _posts.Outdate("/a");
        Passes(10);
        _posts.Outdate("/a");
        Passes(1);
        Assert.Equal(TimeSpan.FromSeconds(11), _posts.Expect("/a")?.Quiet);
    }

    [Fact]
    public void Without_any_other_it_reaches_back_to_the_start_of_this_silo_and_without_its_own_nowhere()
    {
        _posts.Outdate("/a");
        Assert.Equal(TimeSpan.FromSeconds(100), _posts.Expect("/a")?.Quiet);
        Assert.Null(_posts.Expect("/b"));
    }

    [Fact]
    public void What_was_forgotten_counts_as_invalidated_when_it_could_last_have_been()
    {
        _posts.Outdate("/a");
        for (var i = 0; i < 12; i++)
        {
            Passes(10);
            _posts.Outdate($"/{i}");
        }

        Passes(10);
        _posts.Outdate("/a");
        Assert.True(_posts.Expect("/a")?.Quiet <= TimeSpan.FromSeconds(130));
        Assert.True(_posts.Expect("/a")?.Quiet < TimeSpan.FromSeconds(220));
    }

    [Fact]
    public void A_group_that_was_invalidated_meanwhile_counts_too()
    {
        Passes(10);
        _epochs.Invalidate(["x"]);
        Passes(1);
        _posts.Outdate("/a");
        var expected = _posts.Expect("/a");
        Assert.Equal(TimeSpan.FromSeconds(1), expected?.Quiet);
        Assert.True(_posts.Holds(expected!.Ticket, "/a"));
        _epochs.Invalidate(["y"]);
        Assert.False(_posts.Holds(expected.Ticket, "/a"));
    }

    [Fact]
    public void A_ticket_ends_with_the_next_invalidation_of_its_URI_when_it_is_used_and_in_time()
    {
        _posts.Outdate("/a");
        _posts.Outdate("/b");
        var (first, second, third) = (_posts.Expect("/a")!.Ticket, _posts.Expect("/b")!.Ticket, _posts.Expect("/b")!.Ticket);
        Assert.False(_posts.Holds(first, "/b"));
        _posts.Outdate("/a");
        Assert.False(_posts.Holds(first, "/a"));
        Assert.True(_posts.Holds(second, "/b"));
        _posts.Close(second);
        Assert.False(_posts.Holds(second, "/b"));
        Passes(61);
        Assert.False(_posts.Holds(third, "/b"));
    }

    [Fact]
    public void More_tickets_than_bounded_are_not_given()
    {
        _posts.Outdate("/a");
        Assert.All(Enumerable.Range(0, 4), _ => Assert.NotNull(_posts.Expect("/a")));
        Assert.Null(_posts.Expect("/a"));
        Passes(61);
        _posts.Outdate("/a");
        Assert.NotNull(_posts.Expect("/a"));
    }
}
