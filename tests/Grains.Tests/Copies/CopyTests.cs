using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Resources;

namespace Granary.Grains.Tests.Copies;

public sealed class CopyTests : IDisposable
{
    private const string Uri = "http://example.org/logo";
    private static readonly string Large = new('x', 200_000);
    private readonly Cluster _cluster = new("a", "b", "c");

    private Silo Owner { get; }

    private Silo Second { get; }

    private Silo Third { get; }

    public CopyTests() => (Owner, Second, Third) = (_cluster.Ranked(Uri)[0], _cluster.Ranked(Uri)[1], _cluster.Ranked(Uri)[2]);

    public void Dispose() => _cluster.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(200_000)]
    public async Task Given_a_response_that_was_reused_often_enough_then_the_next_ranked_silo_has_it(int length)
    {
        var content = new string('x', length);
        Owner.Stores(Uri, content);

        await Owner.AsksUntilOffered(Uri);

        Assert.Equal(content, Second.Content(Uri));
        Assert.False(Third.Has(Uri));
    }

    [Fact]
    public async Task Given_a_response_that_was_reused_less_often_then_nobody_is_offered_it()
    {
        _cluster.Options = new CopyOptions { CopyAfterHits = 3 };
        Owner.Stores(Uri, "logo");

        await Owner.Asks(Uri);
        await Owner.Asks(Uri);

        Assert.Null(Assert.Single(Owner.Store.Peek(Uri)).Content.GivenAway);
    }

    [Fact]
    public async Task Given_two_copies_are_wanted_then_both_next_ranked_silos_have_it()
    {
        _cluster.Options = new CopyOptions { Copies = 2 };
        Owner.Stores(Uri, "logo");
        var both = new CountdownEvent(2);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Meets = step =>
        {
            if (step.What == "TakeCopy done" && both.Signal()) done.TrySetResult();
            return Task.CompletedTask;
        };

        await Owner.Asks(Uri);
        await Owner.Asks(Uri);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal("logo", Second.Content(Uri));
        Assert.Equal("logo", Third.Content(Uri));
    }

    [Fact]
    public async Task Given_no_copies_are_wanted_then_nobody_is_offered_any()
    {
        _cluster.Options = new CopyOptions { Copies = 0 };
        Owner.Stores(Uri, "logo");

        for (var i = 0; i < 5; i++) await Owner.Asks(Uri);

        Assert.Null(Assert.Single(Owner.Store.Peek(Uri)).Content.GivenAway);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "check")]
    public async Task Given_a_copied_response_that_is_freshened_then_the_copy_is_freshened_and_its_content_is_not_read_again()
    {
        var stored = Owner.Stores(Uri, Large);
        await Owner.AsksUntilOffered(Uri);
        var copied = Assert.Single(Second.Store.Peek(Uri)).Content;
        _cluster.Passes(TimeSpan.FromMinutes(5));
        Owner.Freshens(Uri, stored);
        _cluster.Meets = step => step.What == "Open" ? throw new InvalidOperationException("The content is there.") : Task.CompletedTask;

        await Owner.AsksUntilOffered(Uri);

        var copy = Assert.Single(Second.Store.Peek(Uri));
        Assert.Same(copied, copy.Content);
        Assert.Equal("2", copy.Response.Head.Fields.First("X-Version"));
    }

    [Fact]
    public async Task Given_a_copied_response_that_is_replaced_then_the_copy_is_replaced()
    {
        var old = Owner.Stores(Uri, "old");
        await Owner.AsksUntilOffered(Uri);
        _cluster.Passes(TimeSpan.FromSeconds(1));
        Owner.Store.Remove(Uri, old);
        Owner.Stores(Uri, "new");

        await Owner.AsksUntilOffered(Uri);

        Assert.Equal("new", Second.Content(Uri));
        Assert.Single(Second.Store.Peek(Uri));
    }

    [Fact]
    public async Task Given_a_newer_response_at_the_receiver_then_an_older_copy_is_refused()
    {
        var old = Owner.Stores(Uri, "old");
        _cluster.Passes(TimeSpan.FromSeconds(1));
        Second.Stores(Uri, "new");

        var outcome = await Second.Desk.TakeCopy(Owner.Fellow.Address, Owner.The<CopyWriting>().Of(Uri, old));

        Assert.Equal(CopyOutcome.HasAsGood, outcome);
        Assert.Equal("new", Second.Content(Uri));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.2.3"), Trait("Kind", "required")]
    public async Task Given_a_copy_then_its_age_goes_on_from_where_it_was_whatever_the_wall_clocks_say()
    {
        Owner.Stores(Uri, "logo", lifetime: TimeSpan.FromHours(1), age: TimeSpan.FromSeconds(100));
        _cluster.Passes(TimeSpan.FromSeconds(50));
        await Owner.AsksUntilOffered(Uri);
        _cluster.Passes(TimeSpan.FromSeconds(7));

        var served = Assert.IsType<Answer.Serve>(await Second.Asks(Uri));

        Assert.Equal(TimeSpan.FromSeconds(157), served.CurrentAge);
    }

    [Fact]
    public async Task Given_time_passes_on_the_way_then_the_age_counts_from_before_the_giver_was_asked()
    {
        Owner.Stores(Uri, "logo", lifetime: TimeSpan.FromHours(1));
        _cluster.Passes(TimeSpan.FromSeconds(10));
        _cluster.Meets = step =>
        {
            if (step.What == "Confirm done") _cluster.Passes(TimeSpan.FromMilliseconds(500));
            return Task.CompletedTask;
        };
        await Owner.AsksUntilOffered(Uri);

        var served = Assert.IsType<Answer.Serve>(await Second.Asks(Uri));

        Assert.Equal(TimeSpan.FromSeconds(10.5), served.CurrentAge);
    }

    [Fact]
    public async Task Given_a_content_that_still_arrives_then_readers_follow_it_at_the_receiver()
    {
        var (variant, writer) = Owner.Receives(Uri, 100_000);
        writer.WriteText(new string('x', 40_000));
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reads = 0;
        _cluster.Meets = step =>
        {
            if (step.What == "Read" && ++reads == 2) read.TrySetResult();
            return Task.CompletedTask;
        };

        var taking = Second.Desk.TakeCopy(Owner.Fellow.Address, Owner.The<CopyWriting>().Of(Uri, variant));
        await read.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        using var reader = Assert.Single(Second.Store.Peek(Uri)).Content.TryOpenReader();
        Assert.True(reader!.TryRead(out var some) && some.Length > 0);
        writer.WriteText(new string('x', 60_000));
        writer.Complete();

        Assert.Equal(CopyOutcome.Taken, await taking);
        Assert.Equal(new string('x', 100_000), Second.Content(Uri));
    }

    [Fact]
    public async Task Given_the_giver_dies_in_mid_copy_then_the_receiver_keeps_nothing_and_readers_see_a_cut()
    {
        var (variant, writer) = Owner.Receives(Uri, 100_000);
        writer.WriteText(new string('x', 40_000));
        var reads = 0;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dies = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Meets = async step =>
        {
            if (step.What != "Read" || ++reads != 2) return;
            first.SetResult();
            await dies.Task;
        };

        var taking = Second.Desk.TakeCopy(Owner.Fellow.Address, Owner.The<CopyWriting>().Of(Uri, variant));
        await first.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        using var reader = Assert.Single(Second.Store.Peek(Uri)).Content.TryOpenReader()!;
        _cluster.Dead.Add(Owner);
        dies.SetResult();

        Assert.Equal(CopyOutcome.NoContent, await taking);
        Assert.False(Second.Has(Uri));
        await Assert.ThrowsAsync<Grains.Store.IncompleteContentException>(async () =>
        {
            while ((await reader.ReadAsync()) is { IsEmpty: false } bytes) reader.Advance(bytes.Length);
        });
    }

    [Fact]
    public async Task Given_bytes_that_changed_on_the_way_then_they_are_not_kept()
    {
        var stored = Owner.Stores(Uri, Large);
        var copy = Owner.The<CopyWriting>().Of(Uri, stored) with { Checksum = 12345 };
        var listed = Second.The<CopiesComingIn>();
        Assert.Null(listed.TryList(Uri, copy.Source, out var comingIn));

        var outcome = await Second.The<CopyIntake>().TakeIn(comingIn, copy, _cluster.Clock.GetTimestamp(), "offer");

        Assert.Equal(CopyOutcome.NoContent, outcome);
        Assert.False(Second.Has(Uri));
    }

    [Fact]
    public async Task Given_a_full_receiver_then_it_takes_what_is_popular_and_refuses_what_nobody_asked_for_again()
    {
        var full = _cluster.Joins("full", memory: 2 << 20);
        for (var i = 0; i < 56; i++) full.Stores($"http://example.org/{i}", new string('y', 32_000));
        var stored = Owner.Stores(Uri, Large);

        Assert.Equal(CopyOutcome.OverBudget, await full.Desk.TakeCopy(Owner.Fellow.Address, Owner.The<CopyWriting>().Of(Uri, stored)));
        stored.Content.Reuses = 3;
        Assert.Equal(CopyOutcome.Taken, await full.Desk.TakeCopy(Owner.Fellow.Address, Owner.The<CopyWriting>().Of(Uri, stored)));
    }

    [Fact]
    public async Task Given_a_content_that_is_larger_than_the_receiver_keeps_then_it_is_refused()
    {
        var small = _cluster.Joins("small", memory: 1 << 20);
        var large = Owner.The<CopyWriting>().Of(Uri, Owner.Stores(Uri, Large));

        Assert.Equal(CopyOutcome.OverBudget, await small.Desk.TakeCopy(Owner.Fellow.Address, large));
    }

    [Fact]
    public async Task Given_a_silo_that_does_not_know_the_invalidated_groups_yet_then_it_takes_no_copy_that_has_groups()
    {
        var joined = _cluster.Joins("joined", knowsGroups: false);
        Owner.The<GroupEpochs>().Invalidate(["tag"]);
        var member = Owner.The<CopyWriting>().Of(Uri, Owner.Stores(Uri, "logo", membership: Membership.Of([], ["tag"], 0)));
        var plain = Owner.The<CopyWriting>().Of(Uri + "2", Owner.Stores(Uri + "2", "logo"));

        Assert.Equal(CopyOutcome.GroupsUnknown, await joined.Desk.TakeCopy(Owner.Fellow.Address, member));
        Assert.Equal(CopyOutcome.Taken, await joined.Desk.TakeCopy(Owner.Fellow.Address, plain));

        await joined.LearnsGroups();
        Assert.Equal(CopyOutcome.Invalidated, await joined.Desk.TakeCopy(Owner.Fellow.Address, member));
    }

    [Fact]
    public async Task Given_a_copy_with_groups_when_one_is_invalidated_later_then_the_copy_is_not_reused()
    {
        Owner.Stores(Uri, "logo", membership: Membership.Of([], ["tag"], 0));
        await Owner.AsksUntilOffered(Uri);
        await Second.Desk.InvalidateGroups(["tag"], 1);

        Assert.True(Assert.Single(Second.Store.Peek(Uri)).IsInvalidated(Second.The<GroupEpochs>()));
    }
}
