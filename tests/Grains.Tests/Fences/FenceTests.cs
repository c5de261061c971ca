using Granary.Grains.Fences;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Tests.Copies;
using Granary.Grains.Tests.Leases;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Fences;

/// <summary>P2 and P3 where a silo does not answer an invalidation (decision 0012). Time goes on in steps; each silo that can looks at Redis once a second.</summary>
[Trait("Promise", "P2")]
public sealed class FenceTests : IDisposable
{
    private const string Uri = "http://example.org/logo";

    private const string Other = "http://example.org/other";

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Cluster _cluster = new("a", "b", "c");
    private readonly Turns _turns = new();
    private readonly HashSet<Silo> _stuck = [];
    private int _ticks;

    private Silo A => _cluster["a"];

    private Silo B => _cluster["b"];

    private Silo C => _cluster["c"];

    public FenceTests()
    {
        foreach (var silo in _cluster.Members)
        {
            Do(silo.Looks);
            silo.Stores(Uri, "old");
            silo.Stores(Other, "kept");
        }
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void A_purge_that_all_hear_waits_for_nobody()
    {
        Assert.Equal(TimeSpan.Zero, Takes(() => A.The<Invalidations>().Tell(Uri)));
        Assert.All(_cluster.Redis.States.Values, static state => Assert.False(state.IsFenced));
    }

    [Fact]
    public void A_purge_waits_for_a_frozen_silo_until_it_cannot_answer_any_more_and_no_longer()
    {
        Freezes(B);
        Assert.InRange(Takes(() => A.The<Invalidations>().Tell(Uri)), TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(4)); // of 5, which is one lease
        Assert.False(B.IsSure);
        Assert.True(A.IsSure);
        Assert.True(B.Has(Uri));
        Thaws(B);
        Assert.True(B.IsSure);
        Assert.False(B.Has(Uri));
        Assert.True(B.Has(Other));
    }

    [Fact]
    public void A_purge_says_who_did_not_answer()
    {
        Freezes(B);
        var purge = _turns.Do(() => A.The<Invalidations>().Purge([Uri], isSoft: true));
        Takes(purge);
        Assert.Equal("b", Assert.Single(Do(() => purge).Fenced));
        var again = _turns.Do(() => C.The<Ledger>().Invalidate(new Scope.All(), isSoft: true));
        Takes(again);
        Assert.Equal("b", Assert.Single(Do(() => again).Fenced));
    }

    [Fact]
    public void A_silo_that_comes_back_answers_nothing_before_it_has_looked()
    {
        Freezes(B);
        Takes(() => A.The<Invalidations>().Tell(Uri));
        _cluster.Thaws(B);
        Assert.False(B.IsSure);
        Assert.Throws<TimeoutException>(() => Do(() => B.The<PendingAnswers>().Answer(Uri, B.Question(Uri) with { WantsPulse = true })));
        Assert.Empty(Do(() => B.Desk.Find(Uri)));
        Assert.IsType<MemberReply.Unable>(Do(() => B.Hears(new MemberCall.Listen("edge", 0, 0))));
    }

    [Fact]
    public void Once_it_is_fenced_the_next_purges_do_not_wait()
    {
        Freezes(B);
        Takes(() => A.The<Invalidations>().Tell(Uri));
        Assert.Equal(TimeSpan.Zero, Takes(() => A.The<Invalidations>().Tell(Other)));
        Passes(1);
        Assert.Equal(TimeSpan.Zero, Takes(() => C.The<Ledger>().Invalidate(new Scope.Host("example.org"), isSoft: false))); // by one that has only seen it
        Thaws(B);
        Assert.False(B.Has(Other) && B.Store.Peek(Other).Single().In(B.The<GroupEpochs>()) == Standing.Current);
    }

    [Fact]
    public void An_edge_relies_on_a_frozen_silo_no_longer_than_the_purge_waits()
    {
        var owner = _cluster.Ranked(Uri)[0];
        var edge = Do(() => owner.Begins());
        owner.Holds(edge, Uri);
        var teller = _cluster.Members.First(silo => silo != owner);
        Freezes(owner);
        var told = _turns.Do(() => teller.The<Invalidations>().Tell(Uri));
        Passes(2);
        Assert.NotNull(edge.Uses(Uri));
        Takes(told);
        Assert.Null(edge.Uses(Uri));
        Thaws(owner);
        Do(() => owner.Polls(edge));
        Assert.Null(edge.Uses(Uri));
    }

    [Fact]
    public void A_session_ends_with_the_mandate_and_the_edge_is_told_that_it_does()
    {
        var edge = Do(() => A.Begins());
        Passes(1, without: A);
        var heard = Assert.IsType<MemberReply.Heard>(Do(() => A.Hears(edge.Polls().Call with { Session = 7 })));
        Assert.True(heard.IsMandated);
        Assert.InRange(heard.Duration, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_silo_that_lives_but_cannot_be_reached_hears_of_it_by_Redis_and_goes_on()
    {
        _cluster.Meets = step => step is { What: "Invalidate" or "Describe" } && step.At == B ? throw new TimeoutException() : Task.CompletedTask;
        var told = _turns.Do(() => A.The<Invalidations>().Tell(Uri));
        Passes(2);
        Assert.False(B.Has(Uri));
        Assert.True(B.Has(Other));
        Takes(told);
        Assert.True(B.IsSure);
    }

    [Fact]
    public void A_silo_that_waits_for_an_edge_shows_that_it_lives_and_is_not_fenced()
    {
        var owner = _cluster.Ranked(Uri)[0];
        var edge = Do(() => owner.Begins());
        owner.Holds(edge, Uri);
        var took = Takes(() => _cluster.Members.First(silo => silo != owner).The<Invalidations>().Tell(Uri));
        Assert.InRange(took, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3.1));
        Assert.All(_cluster.Redis.States.Values, static state => Assert.Equal(0, state.Written));
    }

    [Fact]
    public void A_silo_of_an_older_version_cannot_be_fenced_and_the_purge_is_refused()
    {
        var old = _cluster.Joins("old");
        Freezes(old);
        Assert.Throws<TimeoutException>(() => Takes(() => A.The<Invalidations>().Tell(Uri)));
    }

    [Fact]
    public void A_silo_that_missed_more_than_is_kept_takes_everything_for_outdated()
    {
        Freezes(B);
        for (var i = 0; i <= SharedFences.MostEntries; i++) Takes(() => A.The<Invalidations>().Tell($"http://example.org/{i}"));
        Thaws(B);
        Assert.True(B.IsSure);
        Assert.Equal(Standing.Invalidated, StandingAt(B, Other));
    }

    [Fact]
    public void A_silo_whose_list_was_evicted_takes_everything_for_outdated()
    {
        Freezes(B);
        Takes(() => A.The<Invalidations>().Tell(Uri));
        _cluster.Redis.Evicts(B);
        Takes(() => A.The<Invalidations>().Tell("http://example.org/third"));
        Thaws(B);
        Assert.Equal(Standing.Invalidated, StandingAt(B, Uri));
    }

    [Fact]
    public void What_a_fenced_silo_has_under_a_higher_number_is_hit_all_the_same()
    {
        B.The<GroupEpochs>().Reaches(100);
        B.Store.Remove(Other);
        B.Stores(Other, "old", membership: Membership.Of([], [], 100));
        Freezes(B);
        Takes(() => A.The<Ledger>().Invalidate(new Scope.Host("example.org"), isSoft: false));
        Thaws(B);
        Assert.Equal(Standing.Invalidated, StandingAt(B, Other));
    }

    [Fact]
    public void A_silo_that_is_cut_off_from_Redis_alone_goes_on()
    {
        _cluster.Redis.IsAwayFrom.Add(B);
        for (var i = 0; i < 20; i++)
        {
            Passes(1);
            Assert.True(B.IsSure, $"after {i + 1} s");
        }

        Assert.Equal(TimeSpan.Zero, Takes(() => A.The<Invalidations>().Tell(Uri)));
    }

    [Fact]
    public void When_Redis_is_away_from_all_they_go_on_and_purges_hold_among_the_living()
    {
        foreach (var silo in _cluster.Members) _cluster.Redis.IsAwayFrom.Add(silo);
        for (var i = 0; i < 20; i++)
        {
            Passes(1);
            Assert.All(_cluster.Members, silo => Assert.True(silo.IsSure, $"{silo.Name} after {i + 1} s"));
        }

        Assert.Equal(TimeSpan.Zero, Takes(() => A.The<Invalidations>().Tell(Uri)));
        _cluster.Redis.LosesAll(); // it comes back empty
        _cluster.Redis.IsAwayFrom.Clear();
        for (var i = 0; i < 5; i++) Passes(1);
        Assert.All(_cluster.Members, static silo => Assert.True(silo.IsSure && silo.Has(Other)));
    }

    [Fact]
    public void When_Redis_is_away_and_a_silo_is_frozen_then_a_purge_is_refused_and_nobody_who_may_be_fenced_answers()
    {
        foreach (var silo in _cluster.Members) _cluster.Redis.IsAwayFrom.Add(silo);
        Passes(4);
        Freezes(B);
        Assert.Throws<TimeoutException>(() => Takes(() => A.The<Invalidations>().Tell(Uri)));
        Assert.False(A.IsSure);
        Assert.False(B.IsSure);
        _cluster.Redis.IsAwayFrom.Clear();
        Thaws(B);
        Passes(2);
        Assert.All(_cluster.Members, static silo => Assert.True(silo.IsSure));
    }

    [Fact]
    public void A_silo_that_was_fenced_and_then_cannot_reach_Redis_is_vouched_for_by_nobody()
    {
        Freezes(B);
        Takes(() => A.The<Invalidations>().Tell(Uri));
        _cluster.Redis.IsAwayFrom.Add(B);
        Thaws(B);
        Passes(2);
        Assert.False(B.IsSure);
        foreach (var silo in _cluster.Members) _cluster.Redis.IsAwayFrom.Add(silo);
        Passes(10);
        Assert.False(B.IsSure);
        _cluster.Redis.IsAwayFrom.Clear();
        Passes(2);
        Assert.True(B.IsSure);
        Assert.False(B.Has(Uri));
    }

    [Fact]
    public void A_mandate_that_has_lapsed_is_not_begun_again_by_those_who_know_nothing()
    {
        Freezes(B);
        _stuck.Add(C); // it has not looked since
        Takes(() => A.The<Invalidations>().Tell(Uri));
        foreach (var silo in _cluster.Members) _cluster.Redis.IsAwayFrom.Add(silo);
        _cluster.Leaves(A); // the only one who knew
        Thaws(B);
        Assert.False(B.IsSure);
    }

    [Fact]
    public void When_Redis_loses_everything_nobody_loses_a_hit()
    {
        _cluster.Redis.LosesAll();
        for (var i = 0; i < 5; i++)
        {
            Passes(1);
            Assert.All(_cluster.Members, static silo => Assert.True(silo.IsSure && silo.Has(Uri) && StandingAt(silo, Uri) == Standing.Current));
        }
    }

    [Fact]
    public void A_silo_that_is_away_when_Redis_loses_its_fence_takes_everything_for_outdated()
    {
        Freezes(B);
        Takes(() => A.The<Invalidations>().Tell(Uri));
        _cluster.Redis.LosesAll();
        Thaws(B);
        Assert.Equal(Standing.Invalidated, StandingAt(B, Uri));
    }

    [Fact]
    public void A_fence_that_Redis_loses_while_it_is_waited_for_is_written_again()
    {
        _cluster.Meets = step => step is { What: "Invalidate" or "Describe" } && step.At == B ? throw new TimeoutException() : Task.CompletedTask;
        _stuck.Add(B); // as slow as it may be: its last look was just before
        Do(() => B.Looks());
        var told = _turns.Do(() => A.The<Invalidations>().Tell(Uri));
        Passes(1);
        _cluster.Redis.LosesAll();
        Do(() => B.Looks()); // it registers anew, and finds nothing
        Assert.True(B.IsSure && B.Has(Uri));
        Passes(2);
        Do(() => B.Looks());
        Assert.True(B.IsSure && B.Has(Uri));
        _stuck.Clear();
        Takes(told);
        Assert.False(B.IsSure && B.Has(Uri));
    }

    public static TheoryData<string, bool, int> Steps()
    {
        var steps = new TheoryData<string, bool, int>();
        foreach (var step in new[] { "Read", "Read done", "Missed", "Missed done", "Heard", "Heard done", "Register", "Register done" })
            foreach (var isFenced in new[] { false, true })
                for (var seconds = 0; seconds < 6; seconds++) steps.Add(step, isFenced, seconds);
        return steps;
    }

    /// <summary>The silo lives and cannot be reached; one of its looks stops at a step when it is fenced, or just before, and goes on some seconds later, also with its own patience over.</summary>
    [Theory, MemberData(nameof(Steps))]
    public void At_whatever_step_a_look_is_when_a_purge_is_told_it_answers_nothing_of_before_once_that_is_done(string at, bool isFenced, int seconds)
    {
        var (held, isHeld) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), false);
        if (at.StartsWith("Register", StringComparison.Ordinal)) _cluster.Redis.LosesAll();
        _cluster.Cut.Add((A, B));
        _cluster.Cut.Add((C, B));
        Task? told = null;
        if (isFenced)
        {
            told = _turns.Do(() => A.The<Invalidations>().Tell(Uri));
            Passes(Tick);
        }

        _cluster.Meets = step =>
        {
            if (step.What != at || step.At != B || isHeld) return Task.CompletedTask;
            isHeld = true;
            return held.Task;
        };
        _turns.Do(B.Looks);
        told ??= _turns.Do(() => A.The<Invalidations>().Tell(Uri));
        _stuck.Add(B); // no other look helps it
        for (var i = 0; i < 100; i++)
        {
            if (i == seconds * 10)
                _turns.Do(() =>
                {
                    held.SetResult();
                    return true;
                });
            Passes(Tick);
            Assert.False(told.IsCompleted && B.IsSure && B.Has(Uri), $"{i / 10.0} s");
        }

        _stuck.Clear();
        _cluster.Cut.Clear();
        Takes(told);
        Passes(2);
        Assert.True(B.IsSure);
        Assert.False(B.Has(Uri) && StandingAt(B, Uri) == Standing.Current);
    }

    [Fact]
    public void A_silo_that_is_declared_dead_while_it_is_fenced_is_not_waited_for_again()
    {
        Freezes(B);
        var told = _turns.Do(() => A.The<Invalidations>().Tell(Uri));
        Passes(4);
        _cluster.Leaves(B);
        A.The<Departures>().See();
        Assert.InRange(Takes(told), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public void A_silo_that_is_declared_dead_and_cannot_read_that_is_vouched_for_by_nobody_who_has_seen_it_gone()
    {
        foreach (var silo in _cluster.Members) _cluster.Redis.IsAwayFrom.Add(silo);
        Passes(5);
        var lost = B;
        _cluster.Leaves(lost);
        A.The<Departures>().See();
        var told = _turns.Do(() => A.The<Invalidations>().Tell(Uri));
        while (!told.IsCompleted)
        {
            Passes(Tick);
            if (_ticks % 10 == 0) _turns.Do(lost.Looks);
        }

        Assert.False(lost.IsSure);
    }

    [Fact]
    public void A_silo_that_is_lost_is_waited_for_as_long_as_its_mandate_may_have_lasted()
    {
        Passes(1);
        var lost = B;
        _cluster.Leaves(lost);
        A.The<Departures>().See();
        Assert.InRange(Takes(() => A.The<Invalidations>().Tell(Uri)), Mandate.Lasts, Mandate.Lasts + Mandate.Margin + Tick);
        Assert.False(lost.IsSure);
    }

    private void Freezes(Silo silo)
    {
        _cluster.Freezes(silo);
        _stuck.Add(silo);
    }

    /// <summary>And looks.</summary>
    private void Thaws(Silo silo)
    {
        _turns.Do(() =>
        {
            _cluster.Thaws(silo);
            return true;
        });
        _stuck.Remove(silo);
        Do(silo.Looks);
    }

    /// <summary>Something that takes no time.</summary>
    private T Do<T>(Func<Task<T>> what) => Over(_turns.Do(what)).GetAwaiter().GetResult();

    private void Do(Func<Task> what) => Over(_turns.Do(what)).GetAwaiter().GetResult();

    private static T Over<T>(T task)
        where T : Task
    {
        Assert.True(task.IsCompleted, "It waits.");
        return task;
    }

    /// <returns>How long it took.</returns>
    private TimeSpan Takes(Func<Task> what) => Takes(_turns.Do(what));

    private TimeSpan Takes(Task task)
    {
        var began = _cluster.Clock.GetUtcNow();
        while (!task.IsCompleted) Passes(Tick);
        task.GetAwaiter().GetResult();
        return _cluster.Clock.GetUtcNow() - began;
    }

    private void Passes(int seconds, Silo? without = null)
    {
        if (without is not null) _stuck.Add(without);
        for (var i = 0; i < seconds * 10; i++) Passes(Tick);
        if (without is not null) _stuck.Remove(without);
    }

    private void Passes(TimeSpan tick)
    {
        _turns.Do(() =>
        {
            _cluster.Passes(tick);
            return true;
        });
        if (++_ticks % 10 != 0) return;
        foreach (var silo in _cluster.Members.Where(silo => !_stuck.Contains(silo))) _turns.Do(silo.Looks);
    }

    private static Standing StandingAt(Silo silo, string uri) => silo.Store.Peek(uri).SingleOrDefault()?.In(silo.The<GroupEpochs>()) ?? Standing.Invalidated;
}
