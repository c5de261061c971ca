using Granary.Grains.Copies;
using Granary.Grains.Resources;

namespace Granary.Grains.Tests.Copies;

/// <summary>P2 with real threads: silos give each other copies in all directions, also copies of copies, while one of them tells all that the URI is invalid.</summary>
public sealed class InvalidationRaceTests
{
    private const string Uri = "http://example.org/logo";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task When_an_invalidation_has_been_acknowledged_then_no_silo_has_what_was_stored_before_nor_gets_it(int seed)
    {
        using var cluster = new Cluster("a", "b", "c", "d");
        var random = new Random(seed);
        var taken = 0;
        cluster.Meets = static async _ =>
        {
            for (var i = Random.Shared.Next(60); i > 0; i--) await Task.Yield(); // all orders of messages
        };
        for (var round = 0; round < 150; round++)
        {
            var first = Any(cluster, random);
            first.Stores(Uri, new string('x', random.Next(2) == 0 ? 10 : 100_000));
            var copying = Enumerable.Range(0, 8).Select(i => Copies(i % 2 == 0 ? first : Any(cluster, random), cluster.Members[(i + 1 + cluster.Members.IndexOf(first)) % 4], isOffered: i < 6)).ToList();
            var teller = Any(cluster, random);
            if (round % 3 == 0) await copying[0];
            for (var i = random.Next(100); i > 0; i--) await Task.Yield();
            await Task.Run(() => teller.The<Invalidations>().Tell(Uri));

            Assert.All(cluster.Members, silo => Assert.False(silo.Has(Uri), $"{silo.Name}, round {round}"));
            taken += (await Task.WhenAll(copying)).Sum();
            Assert.All(cluster.Members, silo => Assert.False(silo.Has(Uri), $"{silo.Name}, after round {round}"));
            cluster.Passes(RecentlyInvalidated.Lasts * 2); // so that the next round's are taken
        }

        Assert.InRange(taken, 50, int.MaxValue);
    }

    private static Silo Any(Cluster cluster, Random random) => cluster.Members[random.Next(cluster.Members.Length)];

    private static Task<int> Copies(Silo from, Silo to, bool isOffered) => Task.Run(async () =>
    {
        var taken = 0;
        for (var i = 0; i < 6; i++)
        {
            if (!isOffered) await to.The<Bringing>().Bring(Uri);
            else if (from.Store.Peek(Uri).FirstOrDefault() is { } stored && from != to)
                taken += await to.Desk.TakeCopy(from.Fellow.Address, from.The<CopyWriting>().Of(Uri, stored)) == CopyOutcome.Taken ? 1 : 0;
            await Task.Yield();
        }

        return taken;
    });
}
