using System.Runtime.InteropServices;
using Granary.Grains.Store;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Store;

[Trait("Fault", "58")]
public sealed class DamageTests
{
    private const int Small = 1_000;
    private const int Large = 300_000;

    [Theory, InlineData(1), InlineData(Small), InlineData(Large)]
    public async Task Given_content_that_came_in_any_pieces_then_it_is_intact_until_a_bit_changes(int bytes)
    {
        using var store = Given.Store();
        foreach (var piece in new[] { 1, 7, 4096, Large })
            foreach (var isDeclared in new[] { true, false })
            {
                using var writer = store.CreateContent(isDeclared ? bytes : null);
                for (var left = bytes; left > 0; left -= piece) await writer.WriteAsync(Math.Min(piece, left));
                writer.Complete();
                using var hold = writer.Content.TryOpenReader();
                Assert.NotNull(writer.Content.Checksum);
                Assert.True(writer.Content.IsIntact());
                Damage(writer.Content, bytes - 1);
                Assert.False(writer.Content.IsIntact());
            }
    }

    [Fact]
    public void Given_small_damaged_content_when_it_is_opened_then_it_is_refused_and_no_longer_stored()
    {
        using var store = Given.Store();
        var (good, bad) = (Stored(store, "good", Small), Stored(store, "bad", Small));
        Damage(bad, 500);
        Assert.False(store.TryOpen(bad.Id, 0, out _));
        Assert.Empty(store.Find("bad"));
        Assert.True(store.TryOpen(good.Id, 0, out var reader));
        reader.Dispose();
        Assert.Equal((1, 1), (store.Statistics.Damaged, store.Statistics.Contents));
    }

    [Fact]
    public async Task Given_large_damaged_content_when_it_is_scrubbed_then_it_is_no_longer_stored_and_who_reads_it_goes_on()
    {
        using var store = Given.Store();
        var (good, bad) = (Stored(store, "good", Large), Stored(store, "bad", Large));
        Assert.True(store.TryOpen(bad.Id, 0, out var reader));
        Damage(bad, Large - 1);
        Assert.Equal(1, store.Scrub(long.MaxValue));
        Assert.Empty(store.Find("bad"));
        Assert.Equal(good, Assert.Single(store.Find("good")).Content);
        for (var bytes = await reader.ReadAsync(); !bytes.IsEmpty; bytes = await reader.ReadAsync()) reader.Advance(bytes.Length);
        reader.Dispose();
        Assert.Equal((1, 1), (store.Statistics.Damaged, store.Statistics.Contents));
    }

    [Fact]
    public void Given_a_store_larger_than_one_look_then_looks_go_round_it()
    {
        using var store = Given.Store();
        var all = Enumerable.Range(0, 20).Select(i => Stored(store, $"{i}", 20_000)).ToList();
        foreach (var content in all) Damage(content, 10_000);
        Assert.Equal(20, Enumerable.Range(0, 20).Sum(_ => store.Scrub(1)));
        Assert.Equal(0, store.Scrub(long.MaxValue));
    }

    [Fact]
    public void Given_content_that_nobody_has_come_for_yet_when_it_is_scrubbed_then_it_still_waits()
    {
        using var store = Given.Store();
        var content = store.Complete(Large);
        Assert.Equal(0, store.Scrub(long.MaxValue));
        Assert.True(store.TryOpen(content.Id, 0, out var reader));
        reader.Dispose();
    }

    [Fact]
    public async Task Given_damage_when_time_passes_then_it_is_found_without_anybody_asking()
    {
        var clock = new FakeTimeProvider();
        using var store = Given.Store(clock: clock);
        Damage(Stored(store, "bad", Large), 0);
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var hangs = Task.Delay(TimeSpan.FromMinutes(2), TimeProvider.System); store.Statistics.Damaged == 0; await Task.Yield()) Assert.False(hangs.IsCompleted);
        Assert.Empty(store.Find("bad"));
    }

    [Fact, Trait("Promise", "P4")]
    public async Task Given_content_that_fails_when_a_reader_has_seen_it_then_it_is_not_found_any_more()
    {
        using var store = Given.Store();
        for (var round = 0; round < 2_000; round++)
        {
            using var writer = store.CreateContent(null);
            store.Put("k", Given.Variant(writer.Content), static _ => true);
            using var reader = writer.Content.TryOpenReader()!;
            var fails = Task.Run(() => writer.Fail());
            while (!HasFailed(reader)) Thread.SpinWait(1);
            Assert.Empty(store.Find("k"));
            await fails;
        }
    }

    private static bool HasFailed(ContentReader reader)
    {
        try
        {
            return reader.TryRead(out _);
        }
        catch (IncompleteContentException)
        {
            return true;
        }
    }

    private static Content Stored(ResponseStore store, string key, int bytes)
    {
        var content = store.Complete(bytes);
        Assert.IsType<PutOutcome.Stored>(store.Put(key, Given.Variant(content), static _ => false));
        return content;
    }

    private static void Damage(Content content, long at)
    {
        using var reader = content.TryOpenReader(at)!;
        Assert.True(reader.TryRead(out var bytes));
        MemoryMarshal.AsMemory(bytes).Span[0] ^= 4;
    }
}
