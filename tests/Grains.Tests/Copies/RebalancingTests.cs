using Granary.Grains.Copies;

namespace Granary.Grains.Tests.Copies;

public sealed class RebalancingTests : IDisposable
{
    private readonly Cluster _cluster = new("a", "b", "c");

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Given_nothing_is_misplaced_then_nothing_moves()
    {
        foreach (var uri in Uris(300)) _cluster.Ranked(uri)[0].Stores(uri, "content");
        _cluster.Meets = static step => throw new InvalidOperationException(step.What);

        await Rebalances();

        Assert.All(Uris(300), uri => Assert.Same(_cluster.Ranked(uri)[0], Assert.Single(_cluster.Members, silo => silo.Has(uri))));
    }

    [Fact]
    public async Task Given_silos_that_joined_then_what_they_own_is_theirs_and_no_longer_elsewhere()
    {
        foreach (var uri in Uris(2000)) _cluster.Ranked(uri)[0].Stores(uri, uri);
        _cluster.Joins("d");
        _cluster.Joins("e");

        await Rebalances();

        Assert.All(Uris(2000), uri => Assert.Same(_cluster.Ranked(uri)[0], Assert.Single(_cluster.Members, silo => silo.Content(uri) == uri)));
        Assert.Empty(_cluster.Origin.Requests);
    }

    [Fact]
    public async Task Given_silos_that_joined_and_left_again_then_nothing_is_lost_and_keys_are_even()
    {
        foreach (var uri in Uris(3000)) _cluster.Ranked(uri)[0].Stores(uri, "content");
        var (d, e) = (_cluster.Joins("d"), _cluster.Joins("e"));
        await Rebalances();

        foreach (var leaving in new[] { d, e })
        {
            await leaving.The<HandOver>().Run(TimeSpan.FromSeconds(20));
            _cluster.Leaves(leaving);
            await Rebalances();
        }

        Assert.All(Uris(3000), uri => Assert.Same(_cluster.Ranked(uri)[0], Assert.Single(_cluster.Members, silo => silo.Has(uri))));
        Assert.All(_cluster.Members, silo => Assert.InRange(silo.Store.Statistics.Objects, 900, 1100));
    }

    [Fact]
    public async Task Given_popular_responses_then_they_stay_where_copies_of_them_are_kept()
    {
        foreach (var uri in Uris(300)) _cluster.Ranked(uri)[0].Stores(uri, "content").Content.Reuses = 5;
        _cluster.Joins("d");

        await Rebalances();

        Assert.All(Uris(300), uri => Assert.True(_cluster.Ranked(uri)[0].Has(uri)));
        var moved = Uris(300).Where(uri => _cluster.Ranked(uri)[0].Name == "d").ToList();
        Assert.NotEmpty(moved);
        Assert.All(moved, uri => Assert.True(_cluster.Ranked(uri)[1].Has(uri)));
    }

    [Fact]
    public async Task Given_the_new_owner_does_not_answer_then_nothing_is_dropped()
    {
        foreach (var uri in Uris(300)) _cluster.Ranked(uri)[0].Stores(uri, "content");
        _cluster.Dead.Add(_cluster.Joins("d"));

        await Rebalances();

        Assert.All(Uris(300), uri => Assert.Contains(_cluster.Members, silo => silo.Has(uri)));
    }

    [Fact]
    public async Task Given_the_silo_that_ranked_next_is_another_now_then_the_next_hit_offers_a_copy_to_it()
    {
        var uri = Uris(10_000).First(static uri => Grains.Placement.Rendezvous.Rank(uri, ["a", "b", "c", "d"], static name => name) is ["a", "d", ..]);
        _cluster["a"].Stores(uri, "content");
        await _cluster["a"].AsksUntilOffered(uri);
        var joined = _cluster.Joins("d");
        await Rebalances();

        await _cluster["a"].AsksUntilOffered(uri);

        Assert.True(joined.Has(uri));
    }

    private async Task Rebalances()
    {
        foreach (var silo in _cluster.Members) await silo.The<Rebalancing>().Walk();
    }

    private static List<string> Uris(int count) => [.. Enumerable.Range(0, count).Select(static i => $"http://example.org/{i}")];
}
