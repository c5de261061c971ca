using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Tests.Copies;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Leases;

/// <summary>P2: an invalidation is answered when every edge that holds what it hits has let go of it, or its session has run out.</summary>
public sealed class RecallTests : IDisposable
{
    private const string Uri = "http://example.org/logo", Other = "http://example.org/other";

    private readonly Cluster _cluster = new("a", "b");

    private Silo Owner => _cluster.Ranked(Uri)[0];

    private Silo Next => _cluster.Ranked(Uri)[1];

    public void Dispose() => _cluster.Dispose();

    [Fact, Trait("Promise", "P2")]
    public async Task Given_an_edge_that_holds_a_uri_when_it_is_invalidated_then_it_is_done_once_the_edge_acknowledges()
    {
        Owner.Stores(Uri, "logo");
        var edge = await Owner.Begins();
        Owner.Holds(edge, Uri);
        var poll = Owner.Polls(edge);

        var told = Next.The<Invalidations>().Tell(Uri);
        await poll;
        Assert.Null(edge.Uses(Uri));
        Assert.False(told.IsCompleted);
        _ = Owner.Polls(edge);

        Assert.Equal(1, await told);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Given_an_edge_that_is_gone_when_a_uri_is_invalidated_then_it_is_done_when_its_session_has_run_out()
    {
        Owner.Stores(Uri, "logo");
        var edge = await Owner.Begins();
        Owner.Holds(edge, Uri);
        _cluster.Passes(TimeSpan.FromSeconds(1));

        var told = Owner.The<Invalidations>().Tell(Uri);
        _cluster.Passes(TimeSpan.FromSeconds(3.9));
        Assert.NotNull(edge.Uses(Uri)); // it may, and so:
        Assert.False(told.IsCompleted);
        _cluster.Passes(TimeSpan.FromSeconds(0.1));

        Assert.Equal(1, await told);
        Assert.Null(edge.Uses(Uri));
    }

    [Fact]
    public async Task Given_an_edge_that_holds_something_else_when_a_uri_is_invalidated_then_it_is_not_asked()
    {
        Owner.Stores(Uri, "logo");
        var edge = await Owner.Begins();
        Owner.The<Sessions>().Holdings.TryList(Other, Owner.The<Sessions>().Of(edge.Name)!);
        Assert.Equal(1, await Owner.The<Invalidations>().Tell(Uri));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Given_edges_that_hold_several_when_those_are_invalidated_at_once_then_each_edge_is_told_once(bool isSoft)
    {
        Owner.Stores(Uri, "logo");
        var edge = await Owner.Begins();
        var session = Owner.The<Sessions>().Of(edge.Name)!;
        foreach (var uri in new[] { Uri, Other }) Owner.The<Sessions>().Holdings.TryList(uri, session);

        var told = Owner.The<Invalidations>().Tell([Uri, Other, "http://example.org/third"], isSoft);
        var heard = Assert.IsType<MemberReply.Heard>(await Owner.Polls(edge));
        Assert.Equal([Uri, Other], heard.Recalls.SelectMany(static recall => ((Recall.Uris)recall).Keys));
        Assert.False(told.IsCompleted);
        _ = Owner.Polls(edge);
        await told;
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Given_edges_that_hold_anything_when_a_scope_is_invalidated_then_they_compare_its_number()
    {
        Owner.Stores(Uri, "logo", membership: Membership.Of([], [], 0));
        var (holder, idle) = (await Owner.Begins("holder"), await Owner.Begins("idle"));
        Owner.Holds(holder, Uri);

        var told = Next.The<Invalidations>().Tell(new Scope.Host("example.org"), isSoft: false, 1);
        var heard = Assert.IsType<MemberReply.Heard>(await Owner.Polls(holder));
        Assert.Equal(new Recall.Numbered(new Scope.Host("example.org"), false, 1), Assert.Single(heard.Recalls));
        Assert.Null(holder.Uses(Uri));
        Assert.False(told.IsCompleted);
        _ = Owner.Polls(holder);
        await told;
        Assert.Equal("idle", idle.Name);
    }

    [Fact]
    public async Task Given_a_holder_when_a_response_is_freshened_or_stored_or_removed_then_it_is_told_and_nobody_waits()
    {
        var stored = Owner.Stores(Uri, "logo");
        var edge = await Owner.Begins();
        Owner.Holds(edge, Uri);
        Owner.Freshens(Uri, stored);
        Assert.Single(Assert.IsType<MemberReply.Heard>(await Owner.Polls(edge)).Recalls);
        Assert.Null(edge.Uses(Uri));

        Owner.Holds(edge, Uri);
        Owner.Stores(Uri, "new");
        await Owner.Polls(edge);
        Assert.Null(edge.Uses(Uri));
    }

    [Fact]
    public async Task Given_nothing_to_recall_when_a_poll_waits_then_it_is_answered_after_a_second()
    {
        var edge = await Owner.Begins();
        var poll = Owner.Polls(edge);
        _cluster.Passes(TimeSpan.FromSeconds(0.9));
        Assert.False(poll.IsCompleted);
        _cluster.Passes(TimeSpan.FromSeconds(0.1));
        var heard = Assert.IsType<MemberReply.Heard>(await poll);
        Assert.Empty(heard.Recalls);
        Assert.Equal(Owner.Fellow.Address.ToString(), heard.Silo);
    }

    [Fact]
    public async Task Given_an_edge_that_goes_while_its_poll_waits_then_its_session_is_not_renewed()
    {
        var edge = await Owner.Begins();
        using var gone = new CancellationTokenSource();
        _cluster.Passes(TimeSpan.FromSeconds(1));
        var poll = Owner.Polls(edge, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        _cluster.Passes(TimeSpan.FromSeconds(4));
        Assert.Empty(Owner.The<Sessions>().Living);
    }

    [Fact]
    public async Task Given_an_edge_that_stops_when_it_says_so_then_nobody_waits_for_it()
    {
        Owner.Stores(Uri, "logo");
        var edge = await Owner.Begins();
        Owner.Holds(edge, Uri);
        var told = Owner.The<Invalidations>().Tell(Uri);
        await Owner.Hears(edge.Stops());
        Assert.Equal(1, await told);
    }

    [Fact]
    public async Task Given_how_often_an_edge_used_its_copy_then_the_owner_counts_it()
    {
        var stored = Owner.Stores(Uri, "logo");
        var edge = await Owner.Begins();
        Owner.Holds(edge, Uri);
        Assert.Equal(0, Owner.Store.Popularity(stored));
        _ = Owner.Hears(new MemberCall.Listen(edge.Name, edge.Session, 0) { Uses = [new LeaseUse(Uri, 1_000_000), new LeaseUse(Other, 1)] });
        Assert.Equal(3, Owner.Store.Popularity(stored));
    }
}
