using Granary.Grains.Groups;

namespace Granary.Grains.Tests.Groups;

public sealed class GroupEpochsTests
{
    private static Membership Of(GroupEpochs epochs, params string[] groups) => Membership.Of([.. groups], [], epochs.Now);

    [Fact]
    public void A_member_is_invalidated_by_its_groups_and_only_by_what_came_after_its_fetch_began()
    {
        var epochs = new GroupEpochs();
        epochs.Invalidate(["a"]);
        var member = Of(epochs, "a", "b");
        Assert.False(member.IsInvalidated(epochs));
        epochs.Invalidate(["c"]);
        Assert.False(member.IsInvalidated(epochs));
        epochs.Invalidate(["x", "b"]);
        Assert.True(member.IsInvalidated(epochs));
        Assert.True(member.IsInvalidated(epochs));
        Assert.False(Of(epochs, "a", "b").IsInvalidated(epochs));
    }

    [Fact]
    public void What_belongs_to_no_group_is_hit_by_none()
    {
        var epochs = new GroupEpochs(capacity: 2);
        var member = Of(epochs);
        for (var i = 0; i < 100; i++) epochs.Invalidate([$"g{i}"]);
        Assert.False(member.IsInvalidated(epochs));
    }

    [Fact]
    public void When_too_many_groups_are_invalidated_none_is_forgotten_in_favour_of_what_is_stored()
    {
        var epochs = new GroupEpochs(capacity: 10);
        var members = Enumerable.Range(0, 100).Select(i => Of(epochs, $"g{i}")).ToList();
        for (var i = 0; i < 100; i++) epochs.Invalidate([$"g{i}"]);
        Assert.All(members, member => Assert.True(member.IsInvalidated(epochs)));
        Assert.False(Of(epochs, "g0", "g99").IsInvalidated(epochs));
    }

    [Fact]
    public void One_invalidation_of_more_groups_than_there_is_room_for_holds_for_all_of_them()
    {
        var epochs = new GroupEpochs(capacity: 10);
        var groups = Enumerable.Range(0, 55).Select(i => $"g{i}").ToList();
        var members = groups.Select(group => Of(epochs, group)).ToList();
        epochs.Invalidate(groups);
        Assert.All(members, member => Assert.True(member.IsInvalidated(epochs)));
        Assert.All(groups, group => Assert.False(Of(epochs, group).IsInvalidated(epochs)));
    }

    [Fact]
    public async Task Whatever_happens_at_the_same_time_an_invalidation_that_has_returned_is_seen()
    {
        var epochs = new GroupEpochs(capacity: 4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                var member = Of(epochs, $"{worker}-{i % 9}");
                epochs.Invalidate([$"{worker}-{i % 9}"]);
                Assert.True(member.IsInvalidated(epochs));
            }
        })));
    }
}
