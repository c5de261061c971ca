using Granary.Edge.Tests.ContentPort;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Semantics.Fields;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Leases;

/// <summary>Nothing comes after its recall; and what comes is whole.</summary>
public sealed class GrantTests : IAsyncLifetime
{
    private const string Uri = "http://example.org/a";

    private readonly FakeTimeProvider _clock = new();
    private readonly SiloDesk _silo;
    private readonly LeasingEdge _edge;

    public GrantTests()
    {
        _clock.Advance(TimeSpan.FromSeconds(1000));
        _silo = SiloDesk.Named("silo-1", _clock);
        _edge = LeasingEdge.With(_clock, new LeaseSettings { MemoryLimit = 16 << 20 }, _silo);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        _silo.Dispose();
    }

    [Fact]
    public async Task A_grant_that_was_on_its_way_when_its_URI_was_recalled_is_not_taken()
    {
        _silo.Keeps(Uri, "one");
        await _edge.Polls();
        _silo.After = async call =>
        {
            if (call is not MemberCall.Lease) return;
            _silo.Recalls(Uri);
            await _edge.Polls();
        };
        Assert.Equal("recalled", await _edge.Leases(Uri));
        Assert.False(await _edge.Has(Uri));
        Assert.Equal(0, _edge.Store.Statistics.Objects);
    }

    [Fact]
    public async Task A_grant_whose_content_was_on_its_way_when_its_URI_was_recalled_is_not_taken()
    {
        _silo.Keeps(Uri, Known.Bytes(1, 0, 100_000), 3600, FieldLines.Empty);
        await _edge.Polls();
        _edge.OnTheWay = stream =>
        {
            _silo.Recalls(Uri);
            _edge.Polls().Wait();
            return stream;
        };
        Assert.Equal("recalled", await _edge.Leases(Uri));
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task A_renewed_grant_that_was_on_its_way_when_its_URI_was_recalled_is_not_taken()
    {
        _silo.Keeps(Uri, "one");
        await _edge.Holds(Uri);
        _silo.After = async call =>
        {
            if (call is not MemberCall.Lease) return;
            _silo.Recalls(Uri);
            await _edge.Polls();
        };
        Assert.Equal("recalled", await _edge.Leases(Uri));
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task A_grant_of_before_a_number_that_was_heard_meanwhile_is_not_used()
    {
        _silo.Keeps(Uri, "one");
        await _edge.Polls();
        _silo.After = async call =>
        {
            if (call is not MemberCall.Lease) return;
            _silo.Invalidates(new Scope.Host("example.org"));
            await _edge.Polls();
        };
        Assert.Equal("recalled", await _edge.Leases(Uri));
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task A_grant_into_a_session_that_is_over_is_not_taken()
    {
        _silo.Keeps(Uri, "one");
        await _edge.Polls();
        _silo.After = async call =>
        {
            if (call is not MemberCall.Lease) return;
            _silo.ForgetsSession();
            await _edge.Polls();
        };
        Assert.Equal("no-session", await _edge.Leases(Uri));
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task Without_a_session_nothing_is_asked_for()
    {
        _silo.Keeps(Uri, "one");
        Assert.Equal("no-session", await _edge.Leases(Uri));
        Assert.Empty(_silo.Leases);
    }

    [Fact]
    public async Task Content_that_ends_early_or_is_another_is_not_held()
    {
        _silo.Keeps(Uri, Known.Bytes(1, 0, 100_000), 3600, FieldLines.Empty);
        await _edge.Polls();
        _edge.OnTheWay = static stream => new MemoryStream(Known.Bytes(1, 0, 99_999));
        Assert.Equal("no-content", await _edge.Leases(Uri));
        _edge.OnTheWay = static stream => new MemoryStream(Known.Bytes(1, 0, 100_001));
        Assert.Equal("no-content", await _edge.Leases(Uri));
        _edge.OnTheWay = static stream => new MemoryStream(Known.Bytes(2, 0, 100_000));
        Assert.Equal("no-content", await _edge.Leases(Uri));
        Assert.False(await _edge.Has(Uri));
        _edge.OnTheWay = static stream => stream;
        Assert.Equal("taken", await _edge.Leases(Uri));
        Assert.True(await _edge.Has(Uri));
    }

    [Fact]
    public async Task A_URI_is_held_with_all_its_variants_or_not_at_all()
    {
        _silo.Keeps(Uri, [1], 3600, FieldLines.Of("X-Kind: a"), "Vary: X-Kind");
        _silo.Keeps(Uri, Known.Bytes(1, 0, 100_000), 3600, FieldLines.Of("X-Kind: b"), "Vary: X-Kind");
        await _edge.Polls();
        _edge.OnTheWay = static stream => new MemoryStream();
        Assert.Equal("no-content", await _edge.Leases(Uri));
        Assert.False(await _edge.Has(Uri, "X-Kind: a"));
        Assert.Equal(0, _edge.Store.Statistics.Objects);
    }

    [Fact]
    public async Task Of_what_is_too_large_to_be_leased_whole_the_head_is_leased_and_its_content_lies_where_it_lay()
    {
        var kept = _silo.Keeps(Uri, Known.Bytes(1, 0, (1 << 20) + 1), 3600, FieldLines.Empty);
        await _edge.Polls();
        for (var i = 0; i < 5; i++) await _edge.Asks(Uri);
        await Known.Becomes(() => _edge.Copies.Peek(Uri) is not null);
        Assert.True(await _edge.Has(Uri));
        var serve = Assert.IsType<Answer.Serve>(await _edge.Asks(Uri));
        Assert.Equal(new ContentAddress(kept.Content.Id, (1 << 20) + 1, _silo.Member.Endpoint), serve.Content);
        Assert.True(serve.Status.Hit);
        Assert.Equal(0, _edge.Opened);
        Assert.InRange(_edge.Store.Statistics.Bytes, 0, 512 << 10);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task What_is_leased_by_segments_is_not_reused_after_its_recall_and_its_segments_go()
    {
        _silo.Keeps(Uri, Known.Bytes(1, 0, (1 << 20) + 1), 3600, FieldLines.Empty);
        await _edge.Holds(Uri);
        var content = _edge.Segments.Of(Assert.IsType<Answer.Serve>(await _edge.Asks(Uri)).Content)!;
        _edge.Store.Keeps(content.KeyOf(0), 1000);
        _silo.Recalls(Uri);
        await _edge.Polls();
        Assert.False(await _edge.Has(Uri));
        _clock.Advance(TimeSpan.FromSeconds(11));
        for (var round = 0; round < 3; round++) _edge.Copies.Tidy();
        Assert.Equal(0, _edge.Store.Statistics.Objects);
        Assert.Null(_edge.Segments.Of(content.At));
    }

    [Fact]
    public async Task What_is_gone_where_it_lay_is_asked_of_its_owner_and_may_be_leased_again()
    {
        _silo.Keeps(Uri, Known.Bytes(1, 0, (1 << 20) + 1), 3600, FieldLines.Empty);
        await _edge.Holds(Uri);
        _edge.Segments.Lose(_edge.Segments.Of(Assert.IsType<Answer.Serve>(await _edge.Asks(Uri)).Content)!);
        Assert.False(await _edge.Has(Uri));
        Assert.Equal("taken", await _edge.Leases(Uri));
        Assert.True(await _edge.Has(Uri));
    }

    [Fact]
    public async Task Segments_stay_while_their_response_is_held_and_when_it_was_freshened()
    {
        var kept = _silo.Keeps(Uri, Known.Bytes(1, 0, (1 << 20) + 1), 3600, FieldLines.Empty);
        await _edge.Holds(Uri);
        var content = _edge.Segments.Of(Assert.IsType<Answer.Serve>(await _edge.Asks(Uri)).Content)!;
        _edge.Store.Keeps(content.KeyOf(0), 1000);
        for (var round = 0; round < 3; round++) _edge.Copies.Tidy();
        Assert.Equal(_edge.Segments.Size, _edge.Segments.Here(content));
        _silo.Store.Replace(Uri, kept, kept with { ReceivedTimestamp = _clock.GetTimestamp() });
        _silo.Recalls(Uri);
        await _edge.Polls();
        _edge.Copies.Tidy();
        Assert.Equal("taken", await _edge.Leases(Uri));
        for (var round = 0; round < 3; round++) _edge.Copies.Tidy();
        Assert.Equal(_edge.Segments.Size, _edge.Segments.Here(content));
    }

    [Theory]
    [InlineData("parts")]
    [InlineData("other-uri")]
    [InlineData("unknown-length")]
    public async Task What_is_not_whole_or_not_what_was_asked_for_is_not_taken(string kind)
    {
        _silo.Keeps(Uri, "one");
        _silo.Changes = copy => kind switch
        {
            "parts" => copy with { Part = new CopiedPart(0, 10) },
            "other-uri" => copy with { Uri = "http://example.org/other" },
            _ => copy with { Content = copy.Content with { Length = null } },
        };
        await _edge.Polls();
        Assert.NotEqual("taken", await _edge.Leases(Uri));
        Assert.False(await _edge.Has(Uri));
    }

    [Fact]
    public async Task What_was_refused_is_not_asked_for_again_so_soon()
    {
        _silo.Keeps(Uri, "one");
        _silo.Refuses = "too-many";
        await _edge.Polls();
        await _edge.Leases(Uri);
        for (var i = 0; i < 10; i++) await _edge.Asks(Uri);
        Assert.Single(_silo.Leases);
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(4));
            await _edge.Polls();
        }

        _silo.Refuses = null;
        for (var i = 0; i < 3; i++) await _edge.Asks(Uri);
        await Known.Becomes(() => _silo.Leases.Count() == 2);
    }

    [Fact]
    public async Task An_edge_that_has_just_come_holds_what_is_hot_within_a_second()
    {
        _silo.Keeps(Uri, "one");
        Assert.Equal("no-session", await _edge.Leases(Uri));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _edge.Polls();
        for (var i = 0; i < 3; i++) await _edge.Asks(Uri);
        await Known.Becomes(() => _silo.Leases.Count() == 1);
    }

    [Fact]
    public async Task A_silent_silo_grants_nothing()
    {
        _silo.Keeps(Uri, "one");
        await _edge.Polls();
        _silo.IsSilent = true;
        Assert.Equal("silent", await _edge.Leases(Uri));
    }

    [Fact]
    public async Task The_age_errs_to_the_older_side_by_the_way_there_and_back()
    {
        _silo.Keeps(Uri, "one");
        await _edge.Polls();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _silo.Before = call =>
        {
            if (call is MemberCall.Lease) _clock.Advance(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        };
        Assert.Equal("taken", await _edge.Leases(Uri));
        var serve = Assert.IsType<Answer.Serve>(await _edge.Asks(Uri));
        Assert.Equal(TimeSpan.FromSeconds(7 + 3 + 2), serve.CurrentAge);
    }

    [Fact]
    public async Task Memory_stays_in_its_budget_and_what_is_hot_stays()
    {
        await _edge.Polls();
        _silo.Keeps(Uri, Known.Bytes(0, 0, 60_000), 3600, FieldLines.Empty);
        Assert.Equal("taken", await _edge.Leases(Uri));
        for (var i = 1; i <= 600; i++)
        {
            var uri = $"http://example.org/{i}";
            _silo.Keeps(uri, Known.Bytes(i, 0, 60_000), 3600, FieldLines.Empty);
            if (i % 10 == 0) Assert.True(await _edge.Has(Uri) && await _edge.Has(Uri));
            Assert.Equal("taken", await _edge.Leases(uri));
            Assert.InRange(_edge.Store.Statistics.Bytes, 0, 16 << 20);
        }

        Assert.InRange(_edge.Store.Statistics.Objects, 100, 280);
        Assert.True(await _edge.Has(Uri));
    }
}
