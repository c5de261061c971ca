using Granary.Grains.Copies;
using Granary.Grains.Resources;

namespace Granary.Grains.Tests.Copies;

/// <summary>
/// P2: once an invalidation has come to giver and receiver, whichever of the two heard it first and however far the copy was each time, neither has what was stored before.
/// </summary>
public sealed class InvalidationAgainstCopyTests
{
    private const string Uri = "http://example.org/logo";

    /// <summary>As it is kept for a route that reads more than the URI.</summary>
    private const string Named = Uri + "#api";

    /// <summary>How far a copy may be: these are met in this order.</summary>
    private static readonly string[] OfferSteps = ["TakeCopy", "Confirm", "Confirm done", "Open", "Read", "TakeCopy done"];

    private static readonly string[] QuestionSteps = ["Find", "Find done", "Open", "Read"];

    public static TheoryData<string, string, int> Offers() => Pairs(OfferSteps);

    public static TheoryData<string, string, int> Questions() => Pairs(QuestionSteps);

    [Theory, MemberData(nameof(Offers))]
    public async Task When_an_invalidation_comes_while_a_copy_is_offered_then_nothing_of_before_is_left(string atGiver, string atReceiver, int length)
    {
        using var cluster = new Cluster("giver", "receiver");
        var (giver, receiver) = (cluster["giver"], cluster["receiver"]);
        var stored = giver.Stores(Uri, new string('x', length));
        var rest = Invalidations(cluster, atGiver, atReceiver);

        await receiver.Desk.TakeCopy(giver.Fellow.Address, giver.The<CopyWriting>().Of(Uri, stored));
        rest();

        Assert.False(giver.Has(Uri));
        Assert.False(receiver.Has(Uri));
    }

    [Theory, MemberData(nameof(Questions))]
    public async Task When_an_invalidation_comes_while_a_new_owner_asks_for_copies_then_nothing_of_before_is_left(string atGiver, string atReceiver, int length)
    {
        using var cluster = new Cluster("giver", "receiver");
        var (giver, receiver) = (cluster["giver"], cluster["receiver"]);
        giver.Stores(Uri, new string('x', length));
        var rest = Invalidations(cluster, atGiver, atReceiver);

        await receiver.The<Bringing>().Bring(Uri);
        await AllIsOver(receiver);
        rest();

        Assert.False(giver.Has(Uri));
        Assert.False(receiver.Has(Uri));
    }

    [Fact]
    public async Task When_the_receiver_hears_it_first_and_is_offered_a_copy_before_the_giver_hears_it_then_it_is_refused()
    {
        using var cluster = new Cluster("giver", "receiver");
        var (giver, receiver) = (cluster["giver"], cluster["receiver"]);
        var stored = giver.Stores(Uri, "logo");
        receiver.The<Invalidations>().Apply(Uri);

        Assert.Equal(CopyOutcome.Invalidated, await receiver.Desk.TakeCopy(giver.Fellow.Address, giver.The<CopyWriting>().Of(Uri, stored)));
    }

    [Fact]
    public async Task When_an_offer_comes_long_after_an_invalidation_then_the_giver_no_longer_has_it()
    {
        using var cluster = new Cluster("giver", "receiver");
        var (giver, receiver) = (cluster["giver"], cluster["receiver"]);
        var late = giver.The<CopyWriting>().Of(Uri, giver.Stores(Uri, "logo"));
        giver.The<Invalidations>().Apply(Uri);
        receiver.The<Invalidations>().Apply(Uri);
        cluster.Passes(TimeSpan.FromMinutes(2));

        Assert.Equal(CopyOutcome.NotCurrent, await receiver.Desk.TakeCopy(giver.Fellow.Address, late));
        Assert.False(receiver.Has(Uri));
    }

    [Fact]
    public async Task When_the_invalidation_is_long_past_then_what_was_fetched_since_is_copied()
    {
        using var cluster = new Cluster("giver", "receiver");
        var (giver, receiver) = (cluster["giver"], cluster["receiver"]);
        giver.The<Invalidations>().Apply(Uri);
        receiver.The<Invalidations>().Apply(Uri);
        cluster.Passes(RecentlyInvalidated.Lasts * 2);

        Assert.Equal(CopyOutcome.Taken, await receiver.Desk.TakeCopy(giver.Fellow.Address, giver.The<CopyWriting>().Of(Uri, giver.Stores(Uri, "logo"))));
    }

    [Fact]
    public async Task When_a_silo_joins_while_an_invalidation_is_told_then_it_is_told_as_well()
    {
        using var cluster = new Cluster("giver", "b");
        var (giver, b) = (cluster["giver"], cluster["b"]);
        b.Stores(Uri, "logo");
        cluster.Meets = async step =>
        {
            if (step is not { What: "Invalidate" } || step.At != b || cluster.Members.Length > 2) return;
            await cluster.Joins("joined").The<Bringing>().Bring(Uri); // from b, which has not heard of it yet
        };

        await giver.The<Invalidations>().Tell(Uri);

        Assert.All(cluster.Members, silo => Assert.False(silo.Has(Uri), silo.Name));
    }

    [Theory, MemberData(nameof(Offers))]
    public async Task When_a_soft_invalidation_comes_while_a_newer_head_is_copied_then_nothing_of_before_is_fresh(string atGiver, string atReceiver, int length)
    {
        using var cluster = new Cluster("giver", "receiver");
        var (giver, receiver) = (cluster["giver"], cluster["receiver"]);
        var stored = giver.Stores(Uri, new string('x', length));
        await receiver.Desk.TakeCopy(giver.Fellow.Address, giver.The<CopyWriting>().Of(Uri, stored));
        cluster.Passes(TimeSpan.FromSeconds(10));
        var freshened = giver.Freshens(Uri, stored);
        var rest = Invalidations(cluster, atGiver, atReceiver, isSoft: true);

        await receiver.Desk.TakeCopy(giver.Fellow.Address, giver.The<CopyWriting>().Of(Uri, freshened));
        rest();

        foreach (var silo in cluster.Members) Assert.All(silo.Store.Peek(Uri), variant => Assert.True(variant.IsOutdated, silo.Name));
    }

    [Theory, MemberData(nameof(Offers))]
    public async Task When_an_invalidation_of_the_URI_comes_while_what_is_kept_under_the_name_of_a_route_is_offered_then_nothing_of_it_is_left(string atGiver, string atReceiver, int length)
    {
        using var cluster = new Cluster("giver", "receiver");
        var (giver, receiver) = (cluster["giver"], cluster["receiver"]);
        var stored = giver.Stores(Named, new string('x', length));
        var rest = Invalidations(cluster, atGiver, atReceiver);

        await receiver.Desk.TakeCopy(giver.Fellow.Address, giver.The<CopyWriting>().Of(Named, stored));
        rest();

        Assert.False(giver.Has(Named));
        Assert.False(receiver.Has(Named));
    }

    [Fact]
    public async Task When_the_receiver_heard_it_before_it_knew_the_name_of_the_route_then_a_copy_under_that_name_is_refused()
    {
        using var cluster = new Cluster("giver", "receiver");
        var (giver, receiver) = (cluster["giver"], cluster["receiver"]);
        var stored = giver.Stores(Named, "logo");
        await receiver.The<Invalidations>().Heed(Uri);

        Assert.Equal(CopyOutcome.Invalidated, await receiver.Desk.TakeCopy(giver.Fellow.Address, giver.The<CopyWriting>().Of(Named, stored)));
    }

    private static TheoryData<string, string, int> Pairs(string[] steps)
    {
        var pairs = new TheoryData<string, string, int>();
        string[] all = [.. steps, "later"];
        foreach (var atGiver in all)
            foreach (var atReceiver in all)
                foreach (var length in new[] { 4, 100_000 })
                    pairs.Add(atGiver, atReceiver, length);
        return pairs;
    }

    /// <summary>Each invalidates when the copy has come to that step; what has not by the end does so then.</summary>
    private static Action Invalidations(Cluster cluster, string atGiver, string atReceiver, bool isSoft = false)
    {
        var left = new List<(string At, Silo Silo)> { (atGiver, cluster["giver"]), (atReceiver, cluster["receiver"]) };
        cluster.Meets = step =>
        {
            foreach (var one in left.Where(one => one.At == step.What).ToList())
            {
                left.Remove(one);
                _ = one.Silo.The<Invalidations>().Heed([Uri], isSoft); // applied before it returns
            }

            return Task.CompletedTask;
        };
        return () => left.ForEach(one => _ = one.Silo.The<Invalidations>().Heed([Uri], isSoft));
    }

    // What a question brings may still be on its way when the question is answered.
    private static async Task AllIsOver(Silo silo)
    {
        while (silo.Store.Peek(Uri).FirstOrDefault()?.Content is { State: Grains.Store.ContentState.Arriving } arriving)
        {
            using var reader = arriving.TryOpenReader();
            try
            {
                while (reader is not null && await reader.ReadAsync() is { IsEmpty: false } bytes) reader.Advance(bytes.Length);
            }
            catch (Grains.Store.IncompleteContentException)
            {
                // It broke: gone.
            }
        }
    }
}
