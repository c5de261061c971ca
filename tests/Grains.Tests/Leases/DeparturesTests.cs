using Granary.Grains.Leases;
using Granary.Grains.Resources;
using Granary.Grains.Tests.Copies;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Leases;

/// <summary>P2: a silo that was lost may have granted until its last moment.</summary>
public sealed class DeparturesTests : IDisposable
{
    private const string Uri = "http://example.org/logo";

    private readonly Cluster _cluster = new("a", "b", "c");

    private Silo A => _cluster["a"];

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Given_nobody_was_lost_then_an_invalidation_waits_for_nobody() => Assert.Equal(0, await A.The<Invalidations>().Tell(Uri));

    [Fact, Trait("Promise", "P2")]
    public async Task Given_a_silo_that_was_lost_then_invalidations_wait_until_one_lease_after_it_was_seen_gone()
    {
        _cluster.Leaves(_cluster["c"]);
        A.The<Departures>().See();
        _cluster.Passes(TimeSpan.FromSeconds(2));

        var told = A.The<Invalidations>().Tell(Uri);
        _cluster.Passes(TimeSpan.FromSeconds(2.9));
        Assert.False(told.IsCompleted);
        _cluster.Passes(TimeSpan.FromSeconds(0.1));
        await told;

        Assert.Equal(0, await A.The<Invalidations>().Tell(Uri));
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Given_a_silo_that_is_lost_while_it_is_told_then_the_time_runs_from_then()
    {
        var c = _cluster["c"];
        _cluster.Dead.Add(c);
        _cluster.Meets = step =>
        {
            if (step is { What: "Invalidate" } && step.At == c) _cluster.Leaves(c);
            return Task.CompletedTask;
        };
        var began = _cluster.Clock.GetUtcNow();
        var told = A.The<Invalidations>().Tell(Uri);
        while (!told.IsCompleted)
        {
            _cluster.Passes(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
        }

        await told;
        Assert.InRange(_cluster.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(5), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Given_a_silo_that_left_in_order_then_nobody_waits_for_it()
    {
        var c = _cluster["c"];
        await c.The<LeaseEnding>().Run();
        _cluster.Leaves(c);
        await A.The<Invalidations>().Tell(Uri);
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Given_a_silo_that_leaves_when_an_edge_holds_something_then_it_is_in_order_once_the_edge_has_let_go()
    {
        var owner = _cluster.Ranked(Uri)[0];
        owner.Stores(Uri, "logo");
        var edge = await owner.Begins();
        owner.Holds(edge, Uri);

        var ending = owner.The<LeaseEnding>().Run();
        Assert.False(ending.IsCompleted);
        await owner.Polls(edge);
        Assert.Null(edge.Uses(Uri));
        Assert.False(ending.IsCompleted);
        _ = owner.Polls(edge);
        await ending;
    }

    [Fact]
    public async Task Given_a_silo_that_leaves_when_an_edge_is_silent_then_it_waits_for_one_lease()
    {
        await A.Begins();
        var ending = A.The<LeaseEnding>().Run();
        _cluster.Passes(TimeSpan.FromSeconds(4.9));
        Assert.False(ending.IsCompleted);
        _cluster.Passes(TimeSpan.FromSeconds(0.1));
        await ending;
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Given_a_silo_that_leaves_without_having_ended_its_leases_then_it_is_waited_for()
    {
        var c = _cluster["c"];
        await c.Begins();
        using var late = new CancellationTokenSource();
        var ending = c.The<LeaseEnding>().Run(late.Token);
        await late.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ending);
        _cluster.Leaves(c);
        var told = A.The<Invalidations>().Tell(Uri);
        Assert.False(told.IsCompleted);
        _cluster.Passes(TimeSpan.FromSeconds(5));
        await told;
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Given_a_silo_that_joins_after_a_loss_then_it_waits_as_long_as_those_who_saw_it()
    {
        _cluster.Leaves(_cluster["c"]);
        A.The<Departures>().See();
        _cluster["b"].The<Departures>().See();
        _cluster.Passes(TimeSpan.FromSeconds(2));
        var d = _cluster.Joins("d");

        var told = d.The<Invalidations>().Tell(Uri);
        _cluster.Passes(TimeSpan.FromSeconds(2.9));
        Assert.False(told.IsCompleted);
        _cluster.Passes(TimeSpan.FromSeconds(0.1));
        await told;
    }

    [Fact]
    public async Task Given_a_silo_that_joins_when_nobody_was_lost_then_it_waits_for_nobody() => await _cluster.Joins("d").The<Invalidations>().Tell(Uri);

    [Fact, Trait("Promise", "P2")]
    public async Task Given_a_silo_that_joins_and_cannot_ask_all_then_it_waits_from_its_own_start()
    {
        _cluster.Dead.Add(_cluster["c"]);
        var d = _cluster.Joins("d", knowsGroups: false);
        _cluster.Dead.Clear();
        var told = d.The<Invalidations>().Tell(Uri);
        Assert.False(told.IsCompleted);
        _cluster.Passes(TimeSpan.FromSeconds(5));
        await told;
    }

    [Fact]
    public async Task Given_a_silo_that_has_seen_less_than_the_asker_then_it_says_that_it_lost_one_just_now() =>
        Assert.Equal(TimeSpan.Zero, await A.The<Departures>().Since(_cluster.Version + 1));
}
