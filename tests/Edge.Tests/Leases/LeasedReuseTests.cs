using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Leases;

public sealed class LeasedReuseTests : IAsyncLifetime
{
    private const string Uri = "http://example.org/a";
    private const string Other = "http://example.org/b";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
    private readonly SiloDesk _silo;
    private readonly LeasingEdge _edge;

    public LeasedReuseTests()
    {
        _clock.Advance(TimeSpan.FromSeconds(1000));
        _silo = SiloDesk.Named("silo-1", _clock);
        _edge = LeasingEdge.With(_clock, null, _silo);
        _silo.Keeps(Uri, "one");
        _silo.Keeps(Other, "other");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        _silo.Dispose();
    }

    [Fact]
    public async Task What_is_often_a_hit_at_its_owner_is_asked_for_and_then_answered_here()
    {
        await _edge.Polls();
        await _edge.Asks(Uri);
        Assert.Empty(_silo.Leases);
        await _edge.Asks(Uri);
        await ContentPort.Known.Becomes(() => _edge.Store.FindMark(Uri) is not null);
        Assert.True(await _edge.Has(Uri));
        Assert.Single(_silo.Leases);
    }

    [Fact]
    public async Task A_scan_asks_for_nothing()
    {
        await _edge.Polls();
        for (var i = 0; i < 200; i++)
        {
            _silo.Keeps($"http://example.org/scan/{i}", "x");
            await _edge.Asks($"http://example.org/scan/{i}");
        }

        Assert.Empty(_silo.Leases);
    }

    [Fact]
    public async Task Without_a_copy_the_owner_is_asked()
    {
        await _edge.Holds(Uri);
        Assert.False(await _edge.Has(Other));
    }

    [Fact]
    public async Task A_session_that_is_not_renewed_ends_one_lease_after_its_poll_was_sent()
    {
        await _edge.Holds(Uri);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        _edge.ReadsTable();
        Assert.True(await _edge.Has(Uri));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task A_session_is_counted_from_before_the_poll_however_long_the_answer_took()
    {
        await _edge.Holds(Uri);
        _silo.After = call =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5)); // the edge is stopped while the answer waits in its socket
            return Task.CompletedTask;
        };
        await _edge.Polls();
        Assert.False(await _edge.Has(Uri));
        _silo.After = static _ => Task.CompletedTask;
        await _edge.Polls();
        Assert.True(await _edge.Has(Uri)); // the same session, and nothing was recalled
    }

    [Fact]
    public async Task While_it_is_renewed_copies_are_reused()
    {
        await _edge.Holds(Uri);
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(4));
            await _edge.Polls();
            Assert.True(await _edge.Has(Uri));
        }
    }

    [Fact]
    public async Task Nothing_granted_in_another_session_is_used_again_although_its_time_is_not_over()
    {
        await _edge.Holds(Uri);
        _silo.ForgetsSession();
        await _edge.Polls();
        Assert.False(await _edge.Has(Uri));
        Assert.Equal("taken", await _edge.Leases(Uri));
        Assert.True(await _edge.Has(Uri));
    }

    [Fact]
    public async Task A_silo_that_ends_the_session_without_another_one_is_believed()
    {
        await _edge.Holds(Uri);
        _silo.Duration = TimeSpan.Zero;
        _silo.ForgetsSession();
        await _edge.Polls();
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task What_is_recalled_is_not_used_once_the_next_poll_acknowledges_it()
    {
        await _edge.Holds(Uri, Other);
        _silo.Recalls(Uri);
        Assert.True(await _edge.Has(Uri)); // not heard yet, and the silo knows that it is not
        await _edge.Polls();
        Assert.Equal(0, _silo.Acknowledged);
        Assert.False(await _edge.Has(Uri));
        Assert.True(await _edge.Has(Other));
        await _edge.Polls();
        Assert.Equal(_silo.HasToAcknowledge, _silo.Acknowledged);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_recalled_by_number_is_not_used_hard_or_soft(bool isSoft)
    {
        var tagged = "http://example.org/tagged";
        _silo.Keeps(tagged, "tagged", 3600, "Tag: t");
        _silo.Keeps("http://other.example/c", "c");
        await _edge.Holds(Uri, Other, tagged, "http://other.example/c");

        _silo.Invalidates(new Scope.Groups(["t"]), isSoft);
        await _edge.Polls();
        Assert.False(await _edge.Has(tagged));
        Assert.True(await _edge.Has(Uri));

        _silo.Invalidates(new Scope.Prefix(Uri), isSoft);
        await _edge.Polls();
        Assert.False(await _edge.Has(Uri));
        Assert.True(await _edge.Has(Other));

        _silo.Invalidates(new Scope.Host("example.org"), isSoft);
        await _edge.Polls();
        Assert.False(await _edge.Has(Other));
        Assert.True(await _edge.Has("http://other.example/c"));

        _silo.Invalidates(new Scope.All(), isSoft);
        await _edge.Polls();
        Assert.False(await _edge.Has("http://other.example/c"));
    }

    [Fact]
    public async Task What_was_fetched_after_a_numbered_invalidation_is_leased_again()
    {
        await _edge.Holds(Uri);
        _silo.Invalidates(new Scope.All());
        await _edge.Polls();
        _silo.Keeps(Uri, "two");
        Assert.Equal("taken", await _edge.Leases(Uri));
        Assert.True(await _edge.Has(Uri));
    }

    [Fact]
    public async Task Numbers_of_another_session_hit_nothing()
    {
        await _edge.Polls();
        _silo.Recalls(new Recall.Numbered(new Scope.All(), false, 500)); // of a cluster before this one
        await _edge.Polls();
        _silo.ForgetsSession();
        await _edge.Holds(Uri);
        Assert.True(await _edge.Has(Uri));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.2"), Trait("Kind", "required")]
    public async Task What_is_not_a_plain_fresh_hit_goes_to_the_owner()
    {
        var brief = "http://example.org/brief";
        _silo.Keeps(brief, "brief", 20, "X: stale-while-revalidate");
        await _edge.Holds(Uri, brief);
        Assert.False(await _edge.Has(Uri, "Cache-Control: no-cache"));
        Assert.False(await _edge.Has(Uri, "Cache-Control: max-age=3"));
        Assert.False(await _edge.Has(Uri, "Cache-Control: min-fresh=3600"));
        Assert.False(await _edge.Has(Uri, "If-Match: \"a\""));
        Assert.True(await _edge.Has(Uri, "Cache-Control: only-if-cached"));
        for (var i = 0; i < 4; i++) // 7 s old when it came
        {
            Assert.True(await _edge.Has(brief, "Cache-Control: max-stale"));
            _clock.Advance(TimeSpan.FromSeconds(3.5));
            await _edge.Polls();
        }

        Assert.False(await _edge.Has(brief, "Cache-Control: max-stale")); // 21 s: allowed, but not for us to say
    }

    [Fact]
    public async Task Questions_with_a_ticket_and_other_methods_go_to_the_owner()
    {
        await _edge.Holds(Uri);
        var before = _edge.AskedOwner;
        await _edge.Asks(Uri, LeasingEdge.Question("GET", Uri) with { Ticket = new Ticket(1, false, 0, 0) });
        await _edge.AsksBy("OPTIONS", Uri);
        Assert.Equal(before + 2, _edge.AskedOwner);
        await _edge.AsksBy("HEAD", Uri);
        Assert.Equal(before + 2, _edge.AskedOwner);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public async Task All_variants_are_held_and_one_that_is_not_known_goes_to_the_owner()
    {
        var varied = "http://example.org/varied";
        foreach (var language in new[] { "de", "en", "fr" })
            _silo.Keeps(varied, System.Text.Encoding.UTF8.GetBytes(language), 3600, FieldLines.Of($"X-Kind: {language}"), "Vary: X-Kind");
        await _edge.Holds(varied);
        foreach (var language in new[] { "de", "en", "fr" })
        {
            Assert.True(await _edge.Has(varied, $"X-Kind: {language}"));
            var serve = Assert.IsType<Answer.Serve>(await _edge.Asks(varied, $"X-Kind: {language}"));
            Assert.True(_edge.Store.TryOpen(serve.Content.Id, 0, out var reader));
            using (reader) Assert.Equal(2, reader.Content.Length);
        }

        Assert.False(await _edge.Has(varied, "X-Kind: it"));
    }

    [Fact]
    public async Task What_is_held_is_not_used_longer_than_it_is_held()
    {
        _silo.HeldFor = TimeSpan.FromSeconds(10);
        await _edge.Holds(Uri);
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
            await _edge.Polls();
            Assert.True(await _edge.Has(Uri, "Cache-Control: max-age=100000"));
        }

        _silo.Refuses = "not-owner";
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _edge.Polls();
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task A_hot_copy_is_asked_for_again_before_its_end_and_its_content_does_not_travel_again()
    {
        _silo.Keeps(Uri, ContentPort.Known.Bytes(1, 0, 100_000), 3600, FieldLines.Empty);
        await _edge.Holds(Uri);
        Assert.Equal(1, _edge.Opened);
        await Use(3);
        for (var i = 0; i < 12; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(3.8));
            await _edge.Polls();
        }

        await Use(3); // 45.6 s of 60 s
        await ContentPort.Known.Becomes(() => _silo.Leases.Count() == 2 && _edge.Copies.Peek(Uri) is { } held && !held.IsToBeRenewed(_clock.GetTimestamp(), 0));
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
            await _edge.Polls();
        }

        Assert.True(await _edge.Has(Uri));
        Assert.Equal(1, _edge.Opened);
        Assert.Single(_silo.Leases.Last().Known);
    }

    [Fact]
    public async Task What_was_freshened_at_the_owner_comes_as_head_alone()
    {
        var old = _silo.Keeps(Uri, ContentPort.Known.Bytes(1, 0, 100_000), 3600, FieldLines.Empty);
        await _edge.Holds(Uri);
        _clock.Advance(TimeSpan.FromSeconds(3));
        _silo.Store.Replace(Uri, old, old with { ReceivedTimestamp = _clock.GetTimestamp() });
        _silo.Recalls(Uri);
        await _edge.Polls();
        Assert.False(await _edge.Has(Uri));
        Assert.Equal("taken", await _edge.Leases(Uri));
        Assert.Equal(1, _edge.Opened);
        var age = Assert.IsType<Answer.Serve>(await _edge.Asks(Uri)).CurrentAge;
        Assert.Equal(TimeSpan.FromSeconds(7), age);
    }

    [Fact]
    public async Task A_copy_that_is_no_longer_whole_in_the_store_is_not_used()
    {
        var varied = "http://example.org/varied";
        foreach (var kind in new[] { "a", "b" }) _silo.Keeps(varied, [1], 3600, FieldLines.Of($"X-Kind: {kind}"), "Vary: X-Kind");
        await _edge.Holds(varied);
        _edge.Store.Remove(varied, _edge.Store.PeekWhole(varied)[1]); // as eviction does
        Assert.False(await _edge.Has(varied, "X-Kind: a"));
        Assert.False(await _edge.Has(varied, "X-Kind: b"));
    }

    [Fact]
    public async Task Uses_are_told_with_the_next_poll_and_once()
    {
        await _edge.Holds(Uri, Other);
        await Use(3);
        await _edge.Has(Other);
        await _edge.Polls();
        Assert.Equal([new LeaseUse(Uri, 3), new LeaseUse(Other, 1)], Polled().Uses.ToArray());
        await _edge.Polls();
        Assert.Empty(Polled().Uses);
    }

    [Fact]
    public async Task The_last_word_says_that_nothing_is_held_and_nothing_is()
    {
        await _edge.Holds(Uri);
        await _edge.Line().DisposeAsync();
        Assert.True(Polled().IsLast);
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task Memory_of_what_is_of_no_use_any_more_is_given_back()
    {
        await _edge.Holds(Uri, Other);
        Assert.Equal(2, _edge.Store.Statistics.Objects);
        _edge.Copies.Tidy();
        Assert.Equal(2, _edge.Store.Statistics.Objects);
        _silo.Invalidates(new Scope.Prefix(Other));
        await _edge.Polls();
        _edge.Copies.Tidy();
        Assert.Equal(1, _edge.Store.Statistics.Objects);
        _silo.ForgetsSession();
        await _edge.Polls();
        _edge.Copies.Tidy();
        Assert.Equal(0, _edge.Store.Statistics.Objects);
    }

    [Fact]
    public async Task Memory_of_what_was_recalled_and_not_leased_again_is_given_back_after_a_while()
    {
        await _edge.Holds(Uri, Other);
        _silo.Recalls(Uri, Other);
        await _edge.Polls();
        Assert.Equal("taken", await _edge.Leases(Other));
        _edge.Copies.Tidy();
        Assert.Equal(2, _edge.Store.Statistics.Objects);
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(4));
            await _edge.Polls();
        }

        _edge.Copies.Tidy();
        Assert.Equal(1, _edge.Store.Statistics.Objects);
        Assert.True(await _edge.Has(Other));
    }

    [Fact]
    public async Task By_default_nothing_is_used_after_its_session_and_with_bounded_staleness_so_long()
    {
        _edge.Settings = new LeaseSettings { Staleness = TimeSpan.FromSeconds(30) };
        await _edge.Holds(Uri);
        _silo.IsSilent = true;
        _clock.Advance(TimeSpan.FromSeconds(34));
        Assert.True(await _edge.Has(Uri));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task Bounded_staleness_brings_nothing_back_that_was_recalled_or_is_of_another_session()
    {
        _edge.Settings = new LeaseSettings { Staleness = TimeSpan.FromSeconds(30) };
        await _edge.Holds(Uri, Other);
        _silo.Recalls(Uri);
        await _edge.Polls();
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(await _edge.Has(Uri));
        Assert.True(await _edge.Has(Other));
        _silo.ForgetsSession();
        await _edge.Polls();
        Assert.False(await _edge.Has(Other));
    }

    [Fact]
    public async Task Bounded_staleness_does_not_lengthen_what_was_held_while_the_session_lasts()
    {
        _edge.Settings = new LeaseSettings { Staleness = TimeSpan.FromMinutes(5) };
        _silo.HeldFor = TimeSpan.FromSeconds(8);
        await _edge.Holds(Uri);
        _clock.Advance(TimeSpan.FromSeconds(4));
        await _edge.Polls();
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(await _edge.Has(Uri));
    }

    private async Task Use(int times)
    {
        for (var i = 0; i < times; i++) Assert.True(await _edge.Has(Uri));
    }

    private MemberCall.Listen Polled() => _silo.Calls.OfType<MemberCall.Listen>().Last();
}
