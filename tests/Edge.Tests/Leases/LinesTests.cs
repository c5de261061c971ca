using Granary.Edge.Leases;
using Granary.Edge.Owners;
using Granary.Edge.Tests.ContentPort;
using Granary.Grains.Members;
using Granary.Grains.Store;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Leases;

/// <summary>Lines as they run by themselves, beside each other and on the clock.</summary>
public sealed class LinesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly WaitingClock _lineClock;
    private readonly SiloDesk _one;
    private readonly SiloDesk _two;
    private readonly LeasingEdge _edge;
    private readonly Silos _silos;
    private readonly Lines _lines;
    private Func<IReadOnlySet<string>> _table;

    public LinesTests()
    {
        _clock.Advance(TimeSpan.FromSeconds(1000));
        _lineClock = new WaitingClock(_clock);
        (_one, _two) = (SiloDesk.Named("silo-1", _clock), SiloDesk.Named("silo-2", _clock));
        _edge = LeasingEdge.With(_clock, null, _one, _two);
        _silos = new Silos(_clock) { Members = [_one.Member, _two.Member] };
        _table = () => new HashSet<string> { _one.Row!, _two.Row! };
        _lines = NewLines();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _lines.StopAsync(CancellationToken.None);
        _lines.Dispose();
        await _edge.DisposeAsync();
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task Each_silo_has_a_line_and_a_session_that_is_trusted_once_the_table_has_it()
    {
        await Begin();
        Assert.Equal(2, _lines.Sessions);
        for (var i = 0; i < 20; i++)
        {
            await Passes(TimeSpan.FromSeconds(1));
            Assert.Equal(2, _lines.Sessions);
        }
    }

    [Fact]
    public async Task A_row_of_another_generation_is_another_silo()
    {
        _table = () => new HashSet<string> { "Ssilo-1:2", _two.Row! };
        await Begin();
        Assert.Equal(1, _lines.Sessions);
        Assert.False(_lines.Of(_one.Member)!.IsUp);
    }

    [Fact]
    public async Task A_silo_that_does_not_say_which_row_it_is_is_not_trusted()
    {
        _one.Row = null;
        _table = static () => new HashSet<string> { "", "Ssilo-2:1" };
        await Begin();
        Assert.False(_lines.Of(_one.Member)!.IsUp);
    }

    [Fact]
    public async Task Without_the_table_sessions_end_although_silos_answer_and_come_back_with_it()
    {
        await Begin();
        var table = _table;
        _table = static () => throw new IOException("Redis is away.");
        for (var i = 0; i < 6; i++) await Passes(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _lines.Sessions);
        _table = table;
        await Passes(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _lines.Sessions);
    }

    [Fact]
    public async Task A_silo_that_is_declared_dead_in_the_table_is_trusted_one_lease_more_and_not_longer()
    {
        await Begin();
        _table = () => new HashSet<string> { _two.Row! };
        for (var i = 0; i < 6; i++) await Passes(TimeSpan.FromSeconds(1));
        Assert.False(_lines.Of(_one.Member)!.IsUp);
        Assert.True(_lines.Of(_two.Member)!.IsUp);
    }

    [Fact]
    public async Task The_line_to_a_silo_that_is_no_member_any_more_ends_and_what_it_granted_is_not_used()
    {
        await Begin();
        var session = _lines.Of(_one.Member)!.Session!;
        _silos.Members = [_two.Member];
        for (var i = 0; i < 3; i++) await Passes(TimeSpan.FromSeconds(1));
        Assert.Null(_lines.Of(_one.Member));
        Assert.True(session.IsOver);
        Assert.Contains(_one.Calls.OfType<MemberCall.Listen>().ToArray(), static poll => poll.IsLast);
        Assert.NotNull(_lines.Of(_two.Member));
    }

    [Fact]
    public async Task A_silo_that_was_started_again_has_another_line()
    {
        await Begin();
        var old = _one.Member;
        _one.Member = new Member("silo-1", "silo-1/another-key");
        _silos.Members = [_one.Member, _two.Member];
        await Passes(TimeSpan.FromSeconds(1));
        Assert.NotNull(_lines.Of(_one.Member));
        Assert.NotSame(_lines.Of(old), _lines.Of(_one.Member));
        _one.Member = old;
    }

    [Fact]
    public async Task A_silo_that_does_not_answer_is_asked_less_often()
    {
        await Begin();
        (_one.IsSilent, var before) = (true, Polls());
        for (var i = 0; i < 100; i++) await Passes(TimeSpan.FromMilliseconds(100));
        Assert.InRange(Polls() - before, 3, 12);
        _one.IsSilent = false;
        await Known.Becomes(() => _lines.Of(_one.Member)!.IsUp, () => Passes(TimeSpan.FromMilliseconds(500)).Wait());
    }

    [Fact]
    public async Task When_the_edge_stops_every_silo_is_told()
    {
        await Begin();
        await _lines.StopAsync(CancellationToken.None);
        Assert.Equal(0, _lines.Sessions);
        foreach (var desk in new[] { _one, _two }) Assert.True(desk.Calls.OfType<MemberCall.Listen>().Last().IsLast);
    }

    [Fact]
    public void Without_memory_for_them_there_are_no_leases_at_all()
    {
        var services = new ServiceCollection().AddOwners("edge", static () => new LeaseSettings { MemoryLimit = 0 });
        Assert.DoesNotContain(services, static service => service.ServiceType == typeof(Lines) || service.ServiceType == typeof(ResponseStore));
        Assert.Contains(new ServiceCollection().AddOwners("edge", static () => new LeaseSettings()), static service => service.ServiceType == typeof(Lines));
    }

    private Lines NewLines() =>
        new("edge-1", _silos, _edge.Calls, _ => Task.FromResult(_table()), _edge.Copies, new Demand(), static () => new LeaseSettings(), _lineClock, NullLogger<Lines>.Instance);

    private async Task Begin()
    {
        await _lines.Look(CancellationToken.None);
        await Known.Becomes(() => _lines.Of(_one.Member)?.Session is not null && _lines.Of(_two.Member)?.Session is not null);
        await _lines.Look(CancellationToken.None);
        await _lines.HasRead;
    }

    // Lines poll on the clock: time goes on only when each has, and waits for its next turn.
    private async Task Passes(TimeSpan span)
    {
        var lines = _silos.Members.Count(member => _lines.Of(member) is not null);
        for (var left = span; left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(100))
        {
            await Known.Becomes(() => _lineClock.Waiting >= lines);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        await Known.Becomes(() => _lineClock.Waiting >= lines);

        await _lines.Look(CancellationToken.None);
        await _lines.HasRead;
    }

    private int Polls() => _one.Calls.ToArray().OfType<MemberCall.Listen>().Count();
}
