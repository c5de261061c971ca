using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Grains.Tests.Copies;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Leases;

/// <summary>What an edge is allowed to hold, and why not.</summary>
public sealed class GrantingTests : IDisposable
{
    private const string Uri = "http://example.org/logo";

    private readonly Cluster _cluster = new("a");

    private Silo A => _cluster["a"];

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Given_a_fresh_response_when_an_edge_asks_to_hold_it_then_it_gets_it_whole_with_age_and_content()
    {
        A.Stores(Uri, "logo");
        _cluster.Passes(TimeSpan.FromSeconds(3));
        var edge = await A.Begins();
        var leased = Assert.IsType<MemberReply.Leased>(A.Leases(edge, Uri));
        var copy = Assert.Single(leased.Copies);
        Assert.Equal((edge.Session, LeaseOptions.HeldFor, TimeSpan.FromSeconds(3)), (leased.Session, leased.HeldFor, copy.CurrentAge));
        Assert.Equal("logo"u8.ToArray(), copy.Inline);
    }

    [Fact]
    public async Task Given_a_content_that_the_edge_has_then_it_is_not_sent_again()
    {
        A.Stores(Uri, "logo");
        var edge = await A.Begins();
        var source = Assert.IsType<MemberReply.Leased>(A.Leases(edge, Uri)).Copies[0].Source;
        Assert.Null(Assert.IsType<MemberReply.Leased>(A.Leases(edge, Uri, source)).Copies[0].Inline);
    }

    [Fact]
    public async Task Given_a_large_content_then_the_edge_reads_it_from_the_content_port()
    {
        A.Stores(Uri, new string('x', (32 << 10) + 1));
        var copy = Assert.IsType<MemberReply.Leased>(A.Leases(await A.Begins(), Uri)).Copies[0];
        Assert.Null(copy.Inline);
        Assert.Equal(A.Endpoint, copy.Content.Endpoint);
    }

    [Fact]
    public async Task Given_no_session_or_one_that_ran_out_then_nothing_is_granted()
    {
        A.Stores(Uri, "logo");
        Assert.Equal("no-session", A.Leases(new Edge("stranger", _cluster.Clock), Uri).Why());
        var edge = await A.Begins();
        _cluster.Passes(TimeSpan.FromSeconds(5));
        Assert.Equal("no-session", A.Leases(edge, Uri).Why());
    }

    [Fact]
    public async Task Given_another_owner_then_this_silo_grants_nothing()
    {
        _cluster.Joins("b");
        var (owner, other) = (_cluster.Ranked(Uri)[0], _cluster.Ranked(Uri)[1]);
        foreach (var silo in _cluster.Members) silo.Stores(Uri, "logo");
        Assert.IsType<MemberReply.Leased>(owner.Leases(await owner.Begins(), Uri));
        Assert.Equal("not-owner", other.Leases(await other.Begins(), Uri).Why());
    }

    [Fact]
    public async Task Given_nothing_or_nothing_fresh_for_a_while_then_it_is_not_granted()
    {
        var edge = await A.Begins();
        Assert.Equal("nothing-fresh", A.Leases(edge, Uri).Why());
        A.Stores(Uri, "logo", lifetime: TimeSpan.FromSeconds(1));
        Assert.Equal("nothing-fresh", A.Leases(edge, Uri).Why());
    }

    [Fact]
    public async Task Given_a_response_that_always_has_to_be_validated_then_it_is_not_granted()
    {
        A.Stores(Uri, "logo", fields: "Cache-Control: no-cache");
        Assert.Equal("nothing-fresh", A.Leases(await A.Begins(), Uri).Why());
    }

    [Fact]
    public async Task Given_a_content_that_still_arrives_then_it_is_not_granted()
    {
        using var writer = A.Receives(Uri, 10).Writer;
        Assert.Equal("nothing-fresh", A.Leases(await A.Begins(), Uri).Why());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Given_a_response_that_a_number_has_hit_then_it_is_not_granted(bool isSoft)
    {
        A.Stores(Uri, "logo");
        A.The<GroupEpochs>().Invalidate(new Scope.All(), isSoft, 1);
        Assert.Equal("nothing-fresh", A.Leases(await A.Begins(), Uri).Why());
    }

    [Fact]
    public async Task Given_parts_then_the_uri_is_not_granted()
    {
        var whole = A.Stores(Uri, "logo");
        using var writer = A.Store.CreateContent(4);
        A.Store.Put(Uri, whole with { Content = writer.Content, Part = new PartPosition(0, 8) }, static _ => false);
        Assert.Equal("parts", A.Leases(await A.Begins(), Uri).Why());
    }

    [Fact]
    public async Task Given_a_content_that_is_larger_than_edges_keep_whole_then_its_head_is_granted_and_where_it_lies()
    {
        using var cluster = new Cluster();
        var silo = cluster.Joins("large", memory: 64 << 20);
        silo.Stores(Uri, new string('x', (1 << 20) + 1));
        var copy = Assert.IsType<MemberReply.Leased>(silo.Leases(await silo.Begins(), Uri)).Copies[0];
        Assert.Null(copy.Inline);
        Assert.Equal((silo.Endpoint, (1 << 20) + 1), (copy.Content.Endpoint, copy.Content.Length));
    }

    [Fact]
    public async Task Given_a_silo_that_leaves_then_it_grants_nothing()
    {
        A.Stores(Uri, "logo");
        var edge = await A.Begins();
        A.The<Sessions>().Leave();
        Assert.Equal("leaving", A.Leases(edge, Uri).Why());
    }

    [Fact]
    public async Task Given_a_silo_that_was_away_then_it_grants_and_renews_nothing()
    {
        A.Stores(Uri, "logo");
        var edge = await A.Begins();
        A.The<Presence>().Begin();
        _cluster.Passes(TimeSpan.FromSeconds(3));
        Assert.Equal("doubt", A.Leases(edge, Uri).Why());
        Assert.IsType<MemberReply.Unable>(await A.Polls(edge));
    }

    [Fact, Trait("Promise", "P7")]
    public void Given_more_holders_than_there_is_room_for_then_the_next_is_refused_until_some_are_forgotten()
    {
        var holdings = new Holdings(_cluster.Clock, capacity: 2);
        var session = new Session("edge", new LeaseOptions(), _cluster.Clock, static () => 1);
        Assert.True(holdings.TryList("http://a/", session));
        Assert.True(holdings.TryList("http://a/", session));
        Assert.True(holdings.TryList("http://b/", session));
        Assert.False(holdings.TryList("http://c/", session));
        _cluster.Passes(LeaseOptions.HeldFor);
        Assert.True(holdings.TryList("http://c/", session));
    }

    [Fact]
    public void Given_a_uri_that_was_listed_then_its_holder_is_known_for_as_long_as_it_may_hold_and_forgotten_after_twice_that()
    {
        var holdings = new Holdings(_cluster.Clock);
        var session = new Session("edge", new LeaseOptions(), _cluster.Clock, static () => 1);
        _cluster.Passes(LeaseOptions.HeldFor / 2);
        holdings.TryList(Uri, session);
        _cluster.Passes(LeaseOptions.HeldFor);
        Assert.Equal([session], holdings.Of(Uri));
        _cluster.Passes(LeaseOptions.HeldFor);
        Assert.Empty(holdings.Of(Uri));
        Assert.True(holdings.IsEmpty);
    }
}
