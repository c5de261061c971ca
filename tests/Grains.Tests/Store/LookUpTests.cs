using Granary.Grains.Store;

namespace Granary.Grains.Tests.Store;

public sealed class LookUpTests
{
    private sealed class Thing(int key, int spread) : IKeyed<int>
    {
        public int Key => key;

        public int Hash => key / spread;

        public bool Has(int other) => key == other;
    }

    // Few hashes for many keys, and as many as there are.
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(1000)]
    public void It_finds_what_was_added_and_not_removed_in_whatever_order(int spread)
    {
        var (found, known, random) = (new LookUp<int, Thing>(key => key / spread), new Dictionary<int, Thing>(), new Random(7));
        for (var step = 0; step < 40_000; step++)
        {
            var key = random.Next(3000);
            if (known.Remove(key, out var thing)) Assert.True(found.Remove(thing));
            else found.Add(known[key] = new Thing(key, spread));
            var asked = random.Next(3000);
            Assert.Same(known.GetValueOrDefault(asked), found.Find(asked));
        }

        Assert.Equal(known.Count, found.Count);
        Assert.Equal(known.Keys.Order(), found.All().Select(static thing => thing.Key).Order());
        foreach (var thing in known.Values) Assert.True(found.Remove(thing));
        Assert.Empty(found.All());
        Assert.False(found.Remove(new Thing(1, spread)));
    }

    [Fact]
    public async Task What_is_there_all_the_time_is_always_found_while_others_come_and_go()
    {
        var found = new LookUp<int, Thing>(static key => key);
        Thing[] staying = [.. Enumerable.Range(0, 500).Select(static i => new Thing(i, 1))];
        foreach (var thing in staying) found.Add(thing);
        using var over = new CancellationTokenSource();
        var coming = Task.Run(() =>
        {
            for (var round = 0; round < 30; round++)
            {
                Thing[] others = [.. Enumerable.Range(1000, 5000).Select(static i => new Thing(i, 1))];
                foreach (var other in others) found.Add(other);
                foreach (var other in others) found.Remove(other);
            }

            over.Cancel();
        });
        while (!over.IsCancellationRequested)
            foreach (var thing in staying) Assert.Same(thing, found.Find(thing.Key));
        await coming;
        Assert.Equal(500, found.Count);
    }
}
