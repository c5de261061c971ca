using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Resources;
using Granary.Grains.Tests.Copies;
using Granary.Semantics.Invalidation;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Groups;

/// <summary>P2: numbers are common to all silos, also when there were two ledgers at a time, or one that did not come to tell all.</summary>
[Trait("Promise", "P2")]
public sealed class LedgerTests : IDisposable
{
    private const string Uri = "http://a.example/page";

    private static readonly Scope Host = new Scope.Host("a.example");

    private readonly Cluster _cluster = new("a", "b", "c");

    public void Dispose() => _cluster.Dispose();

    public static TheoryData<string> Scopes => ["tag", "host", "prefix", "all"];

    [Theory, MemberData(nameof(Scopes))]
    public async Task When_it_is_acknowledged_then_every_silo_takes_what_was_fetched_before_for_gone(string scope)
    {
        foreach (var silo in _cluster.Members) Fetches(silo);
        await Ledger("a").InvalidateScope(Of(scope), isSoft: false);
        foreach (var silo in _cluster.Members) Assert.Equal(Standing.Invalidated, StandingOf(silo));
        foreach (var silo in _cluster.Members) Fetches(silo);
        foreach (var silo in _cluster.Members) Assert.Equal(Standing.Current, StandingOf(silo));
    }

    [Fact]
    public async Task Given_a_ledger_that_was_gone_before_it_had_told_all_then_what_a_silo_fetched_after_it_heard_is_hit_by_the_next()
    {
        var told = _cluster["c"];
        told.The<Invalidations>().Apply(new Scope.All(), isSoft: false, number: 7);
        Fetches(told);
        await Ledger("a").InvalidateScope(Host, isSoft: false);
        Assert.Equal(Standing.Invalidated, StandingOf(told));
        Assert.All(_cluster.Members, static silo => Assert.Equal(8, silo.The<GroupEpochs>().Now));
    }

    [Fact]
    public async Task Given_two_ledgers_at_a_time_then_whatever_was_fetched_before_one_is_acknowledged_is_hit_by_it()
    {
        var (one, other) = (Ledger("a"), Ledger("b"));
        for (var round = 0; round < 20; round++)
        {
            foreach (var silo in _cluster.Members) Fetches(silo);
            await Task.WhenAll(Task.Run(() => one.InvalidateScope(new Scope.Host("b.example"), isSoft: false)), Task.Run(async () =>
            {
                foreach (var silo in _cluster.Members) Fetches(silo); // whichever numbers they know by now
                await other.InvalidateScope(Host, isSoft: false);
                foreach (var silo in _cluster.Members) Assert.Equal(Standing.Invalidated, StandingOf(silo));
            }));
        }
    }

    [Fact]
    public async Task Given_a_copy_from_a_silo_that_was_told_more_and_is_gone_then_it_is_hit_all_the_same()
    {
        var (gone, left) = (_cluster["c"], _cluster["b"]);
        gone.The<Invalidations>().Apply(new Scope.Host("b.example"), isSoft: false, number: 7);
        Fetches(gone);
        var stored = gone.Store.Peek(Uri).Single();
        Assert.Equal(CopyOutcome.Taken, await left.Desk.TakeCopy(gone.Fellow.Address, gone.The<CopyWriting>().Of(Uri, stored)));
        Assert.Equal(Standing.Current, StandingOf(left));
        _cluster.Leaves(gone);
        _cluster["a"].The<Departures>().See();
        _cluster.Passes(new LeaseOptions().Duration); // what it granted to edges is not relied on any more
        await Ledger("a").InvalidateScope(Host, isSoft: false);
        Assert.Equal(Standing.Invalidated, StandingOf(left));
    }

    private static Scope Of(string scope) => scope switch
    {
        "tag" => new Scope.Groups([CacheGroups.Tag("news")]),
        "host" => Host,
        "prefix" => new Scope.Prefix("http://a.example/p"),
        _ => new Scope.All(),
    };

    private GroupLedgerGrain Ledger(string at) => new(_cluster[at].The<Ledger>());

    private static void Fetches(Silo silo)
    {
        silo.Store.Remove(Uri);
        silo.Stores(Uri, "page", membership: Membership.Of([], [CacheGroups.Tag("news")], silo.The<GroupEpochs>().Now));
    }

    // Swept, or still there.
    private static Standing StandingOf(Silo silo) => silo.Store.Peek(Uri).SingleOrDefault()?.In(silo.The<GroupEpochs>()) ?? Standing.Invalidated;
}
