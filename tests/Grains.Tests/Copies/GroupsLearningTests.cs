using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Tests.Groups;

namespace Granary.Grains.Tests.Copies;

public sealed class GroupsLearningTests : IDisposable
{
    private const string Uri = "http://example.org/";

    private readonly Cluster _cluster = new("a", "b");

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Given_a_silo_that_joins_then_it_knows_what_was_invalidated_before()
    {
        _cluster["b"].The<GroupEpochs>().Invalidate(["tag"], 7);
        var joined = _cluster.Joins("joined", knowsGroups: false);

        await joined.LearnsGroups();

        Assert.Equal(7, joined.The<GroupEpochs>().Now);
        Assert.True(Membership.Of([], ["tag"], 6)!.IsInvalidated(joined.The<GroupEpochs>()));
        Assert.False(Membership.Of([], ["tag"], 7)!.IsInvalidated(joined.The<GroupEpochs>()));
        Assert.True(joined.The<GroupsLearning>().AreKnown);
    }

    [Fact]
    public async Task Given_a_member_that_does_not_answer_then_groups_are_not_known_until_it_does_or_is_gone()
    {
        _cluster.Dead.Add(_cluster["b"]);
        var joined = _cluster.Joins("joined", knowsGroups: false);

        var learning = joined.LearnsGroups();
        Assert.False(joined.The<GroupsLearning>().AreKnown);
        _cluster.Leaves(_cluster["b"]);
        for (; !learning.IsCompleted; await Task.Yield()) _cluster.Passes(TimeSpan.FromSeconds(1));
        await learning;

        Assert.True(joined.The<GroupsLearning>().AreKnown);
    }

    [Fact]
    public async Task Given_groups_are_not_known_when_a_new_owner_asks_for_copies_then_it_takes_none_that_has_groups()
    {
        var joined = _cluster.Joins("joined", knowsGroups: false);
        foreach (var silo in _cluster.Members.Where(silo => silo != joined)) silo.Stores(Uri, "logo", membership: Membership.Of([], ["tag"], 0));

        await joined.The<Bringing>().Bring(Uri);
        Assert.False(joined.Has(Uri));

        await joined.LearnsGroups();
        await joined.The<Bringing>().Bring(Uri);
        Assert.True(joined.Has(Uri));
    }
}
