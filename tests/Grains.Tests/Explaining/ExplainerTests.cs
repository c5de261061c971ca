using Granary.Grains.Explaining;
using Granary.Grains.Tests.Copies;
using Granary.Grains.Tests.Leases;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Reusability;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Explaining;

/// <summary>What silos tell people of a URI.</summary>
public sealed class ExplainerTests
{
    private const string Uri = "http://example.org/logo";

    [Fact]
    public async Task Any_silo_tells_what_the_owner_and_the_second_owner_know_and_who_holds_leases()
    {
        using var cluster = new Cluster("a", "b", "c");
        var names = new[] { "a", "b", "c" };
        var first = await cluster["a"].The<Explainer>().Explain([Uri]);
        var key = Assert.Single(first.Keys);
        var owner = cluster[key.Owner!];
        owner.Stores(Uri, "logo");
        var edge = await owner.Begins();
        owner.Leases(edge, Uri);
        await owner.Asks(Uri);
        foreach (var name in names)
        {
            var told = await cluster[name].The<Explainer>().Explain([Uri]);
            Assert.Equal(key, Assert.Single(told.Keys));
            Assert.Equal([key.Owner, key.SecondOwner], told.Places.Select(static place => place.Name));
            Assert.Equal(200, Assert.Single(told.Places[0].Stored).Status);
            Assert.True(Assert.Single(told.Places[0].Decisions).Status.Hit);
            Assert.InRange(Assert.Single(told.Places[0].Leases).Left, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
            Assert.Empty(told.Places[1].Stored);
        }
    }

    [Fact, Trait("Promise", "P3")]
    public async Task A_silo_that_does_not_answer_is_named_and_the_rest_is_told()
    {
        using var cluster = new Cluster("a", "b");
        var key = Assert.Single((await cluster["a"].The<Explainer>().Explain([Uri])).Keys);
        cluster[key.Owner!].Stores(Uri, "logo");
        cluster.Dead.Add(cluster[key.SecondOwner!]);
        var told = await cluster[key.Owner!].The<Explainer>().Explain([Uri]);
        Assert.Equal(key.SecondOwner, Assert.Single(told.Silent));
        Assert.Equal(key.Owner, Assert.Single(told.Places).Name);
    }

    [Fact]
    public void The_last_decisions_of_a_key_are_remembered_newest_first_and_of_another_key_in_its_place_none()
    {
        var clock = new FakeTimeProvider();
        var log = new DecisionLog(clock);
        for (var i = 0; i < 20; i++)
        {
            log.Note(Uri, new CacheStatus { Fwd = ForwardReason.UriMiss, FwdStatus = 200 + i });
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Enumerable.Range(0, DecisionLog.PerKey).Select(static i => ((int?)(219 - i), TimeSpan.FromSeconds(i + 1))), log.Of(Uri).Select(static one => (one.Status.FwdStatus, one.Ago)));
        for (var i = 0; i < 100_000; i++) log.Note($"http://example.org/{i}", new CacheStatus { Hit = true });
        Assert.Empty(log.Of(Uri));
    }

    [Fact, Trait("Promise", "P7")]
    public void Noting_allocates_nothing_once_a_place_is_in_use()
    {
        var log = new DecisionLog(TimeProvider.System);
        var status = new CacheStatus { Hit = true };
        log.Note(Uri, status);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) log.Note(Uri, status);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
