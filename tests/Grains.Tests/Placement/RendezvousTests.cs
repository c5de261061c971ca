using Granary.Grains.Placement;

namespace Granary.Grains.Tests.Placement;

public sealed class RendezvousTests
{
    private const int Keys = 10_000;

    [Fact]
    public void Given_five_silos_then_no_one_owns_a_tenth_more_than_its_share()
    {
        var owned = Owners(Names(5)).CountBy(static owner => owner).Select(static owner => owner.Value).ToArray();
        Assert.Equal(5, owned.Length);
        Assert.True(owned.Max() <= 1.1 * Keys / 5, string.Join(", ", owned));
    }

    [Fact]
    public void When_a_silo_joins_then_what_moves_moves_to_it_and_is_no_more_than_its_share()
    {
        var (before, after) = (Owners(Names(4)), Owners(Names(5)));
        var moved = before.Zip(after).Where(static owners => owners.First != owners.Second).ToArray();
        Assert.All(moved, static owners => Assert.Equal("silo-4", owners.Second));
        Assert.InRange(moved.Length, 1, 1.1 * Keys / 5);
    }

    [Fact]
    public void When_a_silo_leaves_then_each_of_its_keys_goes_to_the_second_in_rank()
    {
        foreach (var key in AllKeys())
        {
            var ranked = Rendezvous.Rank(key, Names(5), static name => name);
            Assert.Equal(ranked[1..], Rendezvous.Rank(key, [.. Names(5).Where(name => name != ranked[0])], static name => name));
        }
    }

    [Theory]
    [InlineData("granary-0", "http://example.com/", 0xEC7E198067636FFAUL)]
    [InlineData("granary-1", "http://example.com/", 0xB5E4AB2F0A517C48UL)]
    public void The_weight_of_a_name_for_a_key_never_changes(string name, string key, ulong weight) =>
        Assert.Equal(weight, Rendezvous.Weight(name, System.Text.Encoding.UTF8.GetBytes(key)));

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(static i => $"silo-{i}")];

    private static IEnumerable<string> AllKeys() => Enumerable.Range(0, Keys).Select(static i => $"http://www.example.com/path/{i}?v={i % 7}");

    private static string[] Owners(string[] names) => [.. AllKeys().Select(key => Rendezvous.Rank(key, names, static name => name)[0])];
}
