using Granary.Grains.Store;

namespace Granary.Grains.Tests.Store;

public sealed class EvictionTests
{
    [Fact]
    public void Given_a_hot_set_when_a_scan_of_twenty_times_the_budget_passes_then_the_hot_set_survives()
    {
        using var store = Given.Store(memory: 4 * Given.Mi);
        for (var i = 0; i < 200; i++) store.Keeps($"hot{i}", 4_000);
        for (var i = 0; i < 600; i++) store.Find($"hot{i % 200}");
        for (var i = 0; i < 20 * 4 * Given.Mi / 4_096; i++)
        {
            store.Keeps($"once{i}", 4_000);
            if (i % 20 == 0) store.Find($"hot{i / 20 % 200}");
        }

        Assert.InRange(Enumerable.Range(0, 200).Count(i => !store.Find($"hot{i}").IsEmpty), 195, 200);
    }

    [Theory]
    [InlineData(0.8, 0.0)]
    [InlineData(0.8, 0.3)]
    [InlineData(1.0, 0.3)]
    public void Given_a_zipf_trace_with_one_hit_wonders_then_more_are_hits_than_with_least_recently_used(double skew, double wonders)
    {
        const int Size = 8_000;
        using var store = Given.Store(memory: 4 * Given.Mi);
        var trace = Trace.Zipf(20_000, skew, wonders, length: 60_000, seed: 7);
        var (hits, stored) = (0, 0L);
        foreach (var key in trace)
        {
            if (!store.Find(key).IsEmpty) hits++;
            else store.Keeps(key, Size);
            stored = Math.Max(stored, store.Statistics.Objects);
        }

        Assert.InRange(hits, LeastRecentlyUsed.Hits(trace, (int)stored), trace.Length);
    }

    [Fact]
    public void Given_small_and_large_responses_then_a_large_one_asked_for_twice_does_not_displace_many_small_ones()
    {
        using var store = Given.Store(memory: 4 * Given.Mi, maxResponse: 2 * Given.Mi);
        for (var i = 0; i < 200; i++) store.Keeps($"small{i}", 4_000);
        for (var i = 0; i < 600; i++) store.Find($"small{i % 200}");
        for (var i = 0; i < 40; i++)
        {
            store.Keeps($"large{i}", Given.Mi);
            store.Find($"large{i}");
            store.Find($"large{i}");
        }

        Assert.InRange(Enumerable.Range(0, 200).Count(i => !store.Find($"small{i}").IsEmpty), 190, 200);
    }

    [Fact]
    public void Given_hundreds_of_newcomers_being_read_then_others_are_evicted_rather_than_nothing()
    {
        using var store = Given.Store(memory: 4 * Given.Mi);
        for (var i = 0; i < 400; i++) store.Keeps($"old{i}", 4_000);
        for (var i = 0; i < 800; i++) store.Find($"old{i % 400}");
        for (var i = 0; i < 600; i++) store.Keeps($"once{i}", 4_000);
        var readers = new List<ContentReader>();
        for (var i = 0; i < 300; i++)
        {
            Assert.True(store.Keeps($"read{i}", 4_000));
            if (store.TryOpen(store.Find($"read{i}")[0].Content.Id, 0, out var reader)) readers.Add(reader);
        }

        for (var i = 0; i < 300; i++) Assert.True(store.Keeps($"new{i}", 4_000));
        readers.ForEach(reader => reader.Dispose());
    }

    [Fact]
    public void Given_a_full_store_that_goes_on_storing_then_contents_still_lie_in_few_pieces()
    {
        using var store = Given.Store(memory: 8 * Given.Mi, window: 256 << 10);
        for (var i = 0; i < 2_000; i++) store.Keeps($"{i}", 100_000);
        Assert.True(store.TryOpen(store.Find("1999")[0].Content.Id, 0, out var reader));
        var pieces = 0;
        for (; reader.TryRead(out var bytes) && !bytes.IsEmpty; pieces++) reader.Advance(bytes.Length);
        reader.Dispose();
        Assert.InRange(pieces, 2, 8);
    }

    [Fact]
    public void Given_responses_with_hardly_any_content_then_the_budget_counts_keys_and_heads()
    {
        using var store = Given.Store(memory: Given.Mi);
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True(store.Keeps($"http://example.org/{i}", 1));
            Assert.InRange(store.Statistics.Bytes, 0, Given.Mi);
        }

        Assert.InRange(store.Statistics.MetadataBytes, Given.Mi / 2, Given.Mi);
    }

    [Fact]
    public void Given_large_contents_first_and_tiny_ones_then_when_the_mix_turns_then_there_is_still_room_for_both()
    {
        using var store = Given.Store(memory: 4 * Given.Mi);
        for (var i = 0; i < 200; i++) Assert.True(store.Keeps($"large{i}", 100_000));
        for (var i = 0; i < 20_000; i++) Assert.True(store.Keeps($"tiny{i}", 1));
        Assert.True(store.Statistics.Objects > 1_000, store.Statistics.ToString());
        for (var i = 0; i < 200; i++) Assert.True(store.Keeps($"again{i}", 100_000));
        Assert.InRange(store.Statistics.Bytes, 0, 4 * Given.Mi);
    }

    [Fact]
    public async Task Given_writers_and_readers_at_once_on_many_times_the_budget_then_it_holds_and_no_foreign_byte_is_read()
    {
        using var store = Given.Store(memory: 4 * Given.Mi);
        var workers = Enumerable.Range(0, 8).Select(seed => Task.Run(() => Work(store, seed))).ToArray();
        await Task.WhenAll(workers);
        store.Clear();
        Assert.Equal((0, 0, 0), (store.Statistics.ContentBytes, store.Statistics.Contents, store.Statistics.Objects));
    }

    private static async Task Work(ResponseStore store, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var key = $"{random.Next(60)}";
            if (store.Find(key) is [var found, ..] && store.TryOpen(found.Content.Id, 0, out var reader))
                using (reader) await ReadOrMiss(reader);
            else await Fetch(store, key, random);
            if (random.Next(50) == 0) store.Remove(key);
            Assert.InRange(store.Statistics.Bytes, 0, 4 * Given.Mi);
        }
    }

    private static async Task Fetch(ResponseStore store, string key, Random random)
    {
        var bytes = random.Next(1, 200_000);
        using var writer = store.CreateContent(random.Next(2) == 0 ? bytes : null);
        using var reader = writer.Content.TryOpenReader()!;
        using var leaver = writer.Content.TryOpenReader(random.Next(2))!;
        var (read, left) = (ReadOrMiss(reader), ReadAndLeave(leaver, random.Next(bytes)));
        store.Put(key, Given.Variant(writer.Content, key), static _ => true);
        await writer.WriteAsync(bytes);
        if (random.Next(10) == 0) writer.Fail();
        else writer.Complete();
        await Task.WhenAll(read, left);
    }

    // A client that leaves somewhere in the middle, with a read under way as often as not.
    private static async Task ReadAndLeave(ContentReader reader, int after)
    {
        using var cancel = new CancellationTokenSource();
        try
        {
            while (reader.Position < after && await reader.ReadAsync(cancel.Token) is { IsEmpty: false } bytes)
            {
                reader.Check(bytes.Span);
                reader.Advance(bytes.Length);
            }

            var next = reader.ReadAsync(cancel.Token);
            await cancel.CancelAsync();
            await next;
        }
        catch (Exception expected) when (expected is OperationCanceledException or IncompleteContentException)
        {
        }

        reader.Dispose();
    }

    // What a fetch that failed leaves behind is an end that shows, never a wrong byte.
    private static async Task ReadOrMiss(ContentReader reader)
    {
        try
        {
            await reader.ReadAllAsync();
        }
        catch (IncompleteContentException seen) when (seen.Fault == ContentFault.WriterFailed)
        {
        }
    }
}
