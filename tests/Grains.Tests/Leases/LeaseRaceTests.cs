using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Tests.Copies;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Leases;

/// <summary>P2 with real threads: edges ask for leases in all directions while what they ask for is invalidated by URI and by number.</summary>
public sealed class LeaseRaceTests
{
    private const string Uri = "http://example.org/logo";

    [Theory, Trait("Promise", "P2")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task When_an_invalidation_has_been_acknowledged_then_no_edge_uses_what_was_stored_before_nor_gets_it(int seed)
    {
        using var cluster = new Cluster("a", "b");
        var (owner, random, used) = (cluster.Ranked(Uri)[0], new Random(seed), 0);
        var edges = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => owner.Begins($"edge-{i}")));
        using var over = new CancellationTokenSource();
        var listening = edges.Select(edge => Task.Run(() => GoOnListening(owner, edge, over.Token))).ToArray();
        for (var round = 0; round < 100; round++)
        {
            var number = owner.The<GroupEpochs>().Now;
            for (var i = random.Next(1, 12); i > 0; i--) // reading many takes a while
                owner.Stores(Uri, new string('x', random.Next(2) == 0 ? 10 : 6_000), membership: Membership.Of([], [], number));
            var last = owner.Store.Peek(Uri).Max(static variant => variant.Content.Id);
            var asking = edges.SelectMany(edge => Enumerable.Repeat(edge, 2)).Select(edge => Task.Run(() => GoOnAsking(owner, edge))).ToList();
            if (round % 3 == 0) await asking[0];
            Thread.SpinWait(random.Next(20_000));
            used += edges.Count(edge => edge.Uses(Uri) is not null);
            await Task.Run(() => Invalidates(cluster.Members[random.Next(2)].The<Invalidations>(), round % 2 == 0, number + 1)).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

            Assert.All(edges, edge => Assert.False(edge.Uses(Uri) <= last, $"{edge.Name}, round {round}"));
            await Task.WhenAll(asking);
            Assert.All(edges, edge => Assert.False(edge.Uses(Uri) <= last, $"{edge.Name}, after round {round}"));
            owner.Store.Remove(Uri);
        }

        Assert.InRange(used, 10, int.MaxValue);
        await over.CancelAsync();
        await Task.WhenAll(listening);
    }

    private static Task Invalidates(Invalidations invalidations, bool byUri, long number) =>
        byUri ? invalidations.Tell(Uri) : invalidations.Tell(new Scope.Prefix(Uri), isSoft: false, number);

    /// <summary>A grant looks at the time at each of its steps, and an invalidation comes at each of these looks in turn.</summary>
    [Theory, Trait("Promise", "P2")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_an_invalidation_comes_at_any_step_of_a_grant_then_it_is_not_done_while_the_edge_uses_what_was_granted(bool byUri)
    {
        var (isDone, looks) = (false, 0);
        for (; !isDone; looks++)
        {
            using var cluster = new Cluster("a", "b");
            var owner = cluster.Ranked(Uri)[0];
            for (var i = 0; i < 3; i++) owner.Stores(Uri, "logo", membership: Membership.Of([], [], 0));
            var edge = await owner.Begins();
            var (left, told) = (looks, (Task?)null);
            cluster.Clock.Meets = () =>
            {
                if (left-- != 0) return;
                cluster.Clock.Meets = null;
                told = Invalidates(cluster["b"].The<Invalidations>(), byUri, 1);
            };
            var ask = edge.Asks(Uri)!;
            var reply = owner.The<Granting>().Grant(ask.Call);
            isDone = told is null; // more looks than there are
            cluster.Clock.Meets = null;
            told ??= Invalidates(cluster["b"].The<Invalidations>(), byUri, 1);
            if (reply is MemberReply.Leased leased) edge.Takes(ask, leased);

            Assert.False(told.IsCompleted && edge.Uses(Uri) is not null, $"look {looks}");
            while (!told.IsCompleted) await Task.WhenAny(told, owner.Polls(edge)); // the one that acknowledges may wait for more
            await told;
            Assert.Null(edge.Uses(Uri));
        }

        Assert.InRange(looks, 5, 100);
    }

    private static async Task GoOnListening(Silo owner, Edge edge, CancellationToken over)
    {
        try
        {
            while (true) await owner.Polls(edge, over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private static async Task GoOnAsking(Silo owner, Edge edge)
    {
        for (var i = 0; i < 5; i++)
        {
            if (edge.Asks(Uri) is { } ask && owner.The<Granting>().Grant(ask.Call) is MemberReply.Leased leased) edge.Takes(ask, leased);
            await Task.Yield();
        }
    }
}
