using Granary.Grains.Store;

namespace Granary.Grains.Tests.Store;

public sealed class PartsTests
{
    private static StoredVariant Part(ResponseStore store, long first, int bytes, long complete = 1 << 30) =>
        Given.Variant(store.Complete(bytes)) with { Part = new PartPosition(first, complete) };

    [Fact, Trait("Promise", "P4")]
    public void A_part_is_never_found_as_a_whole_response()
    {
        using var store = Given.Store();
        var (whole, part) = (Given.Variant(store.Complete(10)), Part(store, 5, 10));
        store.Put("k", whole, static _ => false);
        store.Put("k", part, static _ => false);
        Assert.Equal([whole], store.Find("k").ToArray());
        Assert.Equal([part], store.FindParts("k").ToArray());
        Assert.Empty(store.FindParts("l"));
        Assert.Equal(2, store.Remove("k"));
        Assert.Empty(store.FindParts("k"));
        Assert.Equal(0, store.Statistics.Contents);
    }

    [Fact, Trait("Promise", "P7")]
    public void Given_too_many_parts_of_one_key_then_the_oldest_goes_and_no_whole_response()
    {
        using var store = new ResponseStore(new ResponseStoreOptions { MemoryBytes = 4 * Given.Mi, MaxPartsPerKey = 3, MaxVariantsPerKey = 2 }, TimeProvider.System);
        var wholes = Enumerable.Range(0, 3).Select(_ => Given.Variant(store.Complete(1))).ToArray();
        var parts = Enumerable.Range(0, 5).Select(i => Part(store, i, 1)).ToArray();
        foreach (var variant in (StoredVariant[])[.. wholes, .. parts, Given.Variant(store.Complete(2))]) store.Put("k", variant, static _ => false);
        Assert.Equal([parts[4], parts[3], parts[2]], store.FindParts("k").ToArray());
        Assert.Equal(2, store.Find("k").Length);
        Assert.Contains(wholes[2], store.Find("k"));
    }

    [Fact, Trait("Promise", "P7")]
    public void Parts_are_evicted_one_by_one_and_those_asked_for_stay()
    {
        using var store = Given.Store(memory: 2 * Given.Mi);
        for (var i = 0; i < 64; i++)
        {
            store.Put("film", Part(store, i * 65536L, 65536), static _ => false);
            if (i < 3) continue;
            Assert.True(store.TryOpen(store.FindParts("film").First(part => part.Part!.Value.First <= 3 * 65536).Content.Id, 0, out var reader));
            reader.Dispose();
        }

        var kept = store.FindParts("film");
        Assert.InRange(kept.Length, 8, 31);
        Assert.True(store.Statistics.Evictions > 0);
        Assert.True(store.Statistics.Bytes <= 2 * Given.Mi);
        Assert.Contains(kept, part => part.Part!.Value.First <= 3 * 65536);
    }

    [Fact]
    public void Given_a_freshened_part_then_it_stays_where_it_lies()
    {
        using var store = Given.Store();
        var old = Part(store, 7, 10);
        store.Put("k", old, static _ => false);
        Assert.True(store.Replace("k", old, old with { ReceivedTimestamp = 5 }));
        var freshened = Assert.Single(store.FindParts("k"));
        Assert.Equal((7, 5), (freshened.Part!.Value.First, freshened.ReceivedTimestamp));
        Assert.Empty(store.Find("k"));
    }

    [Fact, Trait("Promise", "P4")]
    public void A_part_whose_content_breaks_is_gone()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(10);
        store.Put("k", Given.Variant(writer.Content) with { Part = new PartPosition(3, 100) }, static _ => false);
        writer.Write(4);
        Assert.Single(store.FindParts("k"));
        writer.Fail();
        Assert.Empty(store.FindParts("k"));
    }
}
