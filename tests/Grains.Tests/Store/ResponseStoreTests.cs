using Granary.Grains.Store;

namespace Granary.Grains.Tests.Store;

public sealed class ResponseStoreTests
{
    [Fact]
    public async Task Given_a_stored_response_then_it_is_found_and_its_content_read_by_id_from_any_offset()
    {
        using var store = Given.Store();
        Assert.True(store.Keeps("k", 100_000));
        var found = Assert.Single(store.Find("k"));
        Assert.True(store.TryOpen(found.Content.Id, 70_000, out var reader));
        using (reader) Assert.Equal(30_000, await reader.ReadAllAsync());
        Assert.Empty(store.Find("K"));
    }

    [Fact]
    public void Given_several_responses_of_a_key_then_the_newest_comes_first_and_those_replaced_are_gone()
    {
        using var store = Given.Store();
        var (first, second, third) = (Given.Variant(store.Complete(1)), Given.Variant(store.Complete(2)), Given.Variant(store.Complete(3)));
        store.Put("k", first, static _ => false);
        store.Put("k", second, static _ => false);
        Assert.Equal([second, first], store.Find("k").ToArray());
        Assert.Equal(new PutOutcome.Stored(1), store.Put("k", third, variant => variant == first));
        Assert.Equal([third, second], store.Find("k").ToArray());
    }

    [Fact]
    public void Given_too_many_responses_of_one_key_then_the_oldest_goes()
    {
        using var store = Given.Store(variants: 3);
        var variants = Enumerable.Range(0, 10).Select(i => Given.Variant(store.Complete(i))).ToArray();
        foreach (var variant in variants) store.Put("k", variant, static _ => false);
        Assert.Equal([variants[9], variants[8], variants[7]], store.Find("k").ToArray());
        Assert.Equal(3, store.Statistics.Objects);
    }

    [Fact]
    public void Given_a_content_put_again_then_it_belongs_to_the_last_put_only()
    {
        using var store = Given.Store();
        var content = store.Complete(1_000);
        store.Put("k", Given.Variant(content), static _ => false);
        store.Put("k", Given.Variant(content), static _ => false);
        store.Put("l", Given.Variant(content), static _ => false);
        Assert.Empty(store.Find("k"));
        Assert.Single(store.Find("l"));
        Assert.Equal((1, 1), (store.Statistics.Objects, store.Statistics.Contents));
        Assert.Equal(1, store.Remove("l"));
        Assert.Equal((0, 0), (store.Statistics.ContentBytes, store.Statistics.Contents));
    }

    [Theory, Trait("Promise", "P2")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Given_a_response_that_was_outdated_before_it_is_stored_then_it_is_not_found_and_who_waits_for_its_content_has_it_until_nobody_has_come_for_too_long(bool isLate)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var store = Given.Store(clock: clock);
        using var writer = store.CreateContent(1_000);
        var content = writer.Content;
        Assert.Equal(new PutOutcome.Refused(PutRefusal.Outdated), store.Put("k", Given.Variant(content), static _ => true, static () => true));
        Assert.Empty(store.Find("k"));
        writer.Write(1_000);
        writer.Complete();
        if (isLate)
        {
            clock.Advance(Given.Patience + TimeSpan.FromSeconds(1));
            Assert.False(store.TryOpen(content.Id, 0, out _));
        }
        else
        {
            Assert.True(store.TryOpen(content.Id, 0, out var reader));
            using (reader) Assert.Equal(1_000, await reader.ReadAllAsync());
        }

        Assert.Equal((0, 0), (store.Statistics.Objects, store.Statistics.Contents));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "check")]
    public void Given_a_freshened_response_then_it_takes_the_place_of_the_one_it_was_made_from()
    {
        using var store = Given.Store();
        var (old, other) = (Given.Variant(store.Complete(10)), Given.Variant(store.Complete(10)));
        store.Put("k", old, static _ => false);
        store.Put("k", other, static _ => false);
        var freshened = Given.Variant(old.Content, fields: "Cache-Control: max-age=60");
        Assert.True(store.Replace("k", old, freshened));
        Assert.Equal([other, freshened], store.Find("k").ToArray());
    }

    [Fact, Trait("Spec", "RFC 9111 §4.4"), Trait("Kind", "required")]
    public void Given_a_response_removed_meanwhile_when_it_is_freshened_then_it_does_not_come_back()
    {
        using var store = Given.Store();
        var old = Given.Variant(store.Complete(10));
        store.Put("k", old, static _ => false);
        var before = store.Statistics.MetadataBytes;
        Assert.Equal(1, store.Remove("k"));
        var after = store.Statistics.MetadataBytes;
        Assert.False(store.Replace("k", old, Given.Variant(old.Content)));
        Assert.Empty(store.Find("k"));
        Assert.True(after < before);
        Assert.Equal(after, store.Statistics.MetadataBytes);
    }

    [Fact]
    public void Given_removals_then_only_what_was_meant_goes_and_everything_is_given_back()
    {
        using var store = Given.Store();
        var empty = store.Statistics;
        var (a, b) = (Given.Variant(store.Complete(1_000)), Given.Variant(store.Complete(1_000)));
        store.Put("k", a, static _ => false);
        store.Put("k", b, static _ => false);
        Assert.True(store.Remove("k", a));
        Assert.False(store.Remove("k", a));
        Assert.Equal([b], store.Find("k").ToArray());
        Assert.True(store.Keeps("l", 1_000));
        store.Clear();
        Assert.Empty(store.Find("k"));
        Assert.Equal(empty with { Bytes = store.Statistics.Bytes }, store.Statistics);
    }

    [Fact, Trait("Spec", "RFC 9111 §3.3"), Trait("Kind", "required")]
    public void Given_a_response_stored_while_it_arrives_when_its_content_fails_then_it_is_removed()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(100);
        Assert.IsType<PutOutcome.Stored>(store.Put("k", Given.Variant(writer.Content), static _ => false));
        writer.Write(99);
        Assert.Single(store.Find("k"));
        writer.Complete();
        Assert.Empty(store.Find("k"));
        Assert.Equal(0, store.Statistics.ContentBytes);
    }

    [Fact]
    public void Given_a_content_that_cannot_be_kept_then_putting_it_is_refused_with_the_reason()
    {
        using var store = Given.Store();
        using var failed = store.CreateContent(null);
        failed.Fail();
        using var windowed = store.CreateWindowed(null);
        var released = store.Complete(1);
        released.TryOpenReader()!.Dispose();
        Assert.Equal(PutRefusal.ContentIncomplete, WhyRefused(store, failed.Content));
        Assert.Equal(PutRefusal.ContentNotRetained, WhyRefused(store, windowed.Content));
        Assert.Equal(PutRefusal.ContentReleased, WhyRefused(store, released));
        Assert.Equal(3, store.Statistics.Refused);
    }

    [Fact]
    public void Given_a_head_larger_than_the_budget_then_it_is_refused_and_leaks_nothing()
    {
        using var store = Given.Store(memory: Given.Mi);
        var content = store.Complete(10);
        var variant = Given.Variant(content, fields: "X-Large: " + new string('x', 2 * Given.Mi));
        Assert.Equal(new PutOutcome.Refused(PutRefusal.OverBudget), store.Put("k", variant, static _ => false));
        Assert.Equal(0, store.Statistics.ContentBytes);
    }

    [Fact]
    public async Task Given_a_response_evicted_or_removed_while_it_is_read_then_the_reader_gets_it_whole()
    {
        using var store = Given.Store(memory: Given.Mi);
        Assert.True(store.Keeps("k", 100_000));
        var id = store.Find("k")[0].Content.Id;
        Assert.True(store.TryOpen(id, 0, out var reader));
        store.Remove("k");
        for (var i = 0; i < 100; i++) store.Keeps($"other{i}", 50_000);
        Assert.True(store.TryOpen(id, 0, out var late));
        using (reader) Assert.Equal(100_000, await reader.ReadAllAsync());
        using (late) Assert.Equal(100_000, await late.ReadAllAsync());
        Assert.False(store.TryOpen(id, 0, out _));
    }

    [Fact]
    public async Task Given_no_room_even_after_eviction_then_a_content_passes_through_a_window_and_waits_its_turn()
    {
        using var store = Given.Store(memory: Given.Mi, maxResponse: Given.Mi);
        using var holder = store.CreateContent(null);
        using var writer = store.CreateContent(null);
        while (!holder.GetMemory().IsEmpty && holder.Content.IsRetained) holder.Advance(holder.GetMemory().Length);
        var next = writer.GetMemoryAsync().AsTask();
        Assert.False(next.IsCompleted);
        Assert.False(writer.Content.IsRetained);
        holder.Fail();
        Assert.False((await next).IsEmpty);
    }

    [Fact]
    public async Task Given_many_contents_through_windows_and_too_little_room_for_all_then_each_comes_through_in_its_turn()
    {
        using var store = Given.Store(memory: Given.Mi, window: 64 << 10);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Task.Run(async () =>
        {
            using var writer = store.CreateWindowed(null);
            using var reader = writer.Content.TryOpenReader()!;
            var read = Task.Run(() => reader.ReadAllAsync());
            await writer.WriteAsync(300_000);
            writer.Complete();
            Assert.Equal(300_000, await read);
        })));
        Assert.Equal((0, 0), (store.Statistics.ContentBytes, store.Statistics.Contents));
    }

    [Fact]
    public async Task Given_a_store_that_shuts_then_writers_and_readers_are_told()
    {
        var store = Given.Store();
        using var writer = store.CreateContent(null);
        using var reader = writer.Content.TryOpenReader()!;
        var read = reader.ReadAsync();
        store.Dispose();
        await Assert.ThrowsAsync<IncompleteContentException>(async () => await read);
        Assert.True(writer.ReadersGone.IsCancellationRequested);
        Assert.Throws<IncompleteContentException>(() => writer.GetMemory());
        Assert.Throws<ObjectDisposedException>(() => store.CreateContent(null));
    }

    [Fact]
    public void Given_a_hit_then_nothing_is_allocated_but_the_reader()
    {
        using var store = Given.Store();
        store.Keeps("k", 1_000);
        Hit(store);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Hit(store);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 0, 136);
    }

    private static void Hit(ResponseStore store)
    {
        store.TryOpen(store.Find("k")[0].Content.Id, 0, out var reader);
        reader!.TryRead(out var bytes);
        reader.Advance(bytes.Length);
        reader.Dispose();
    }

    private static PutRefusal WhyRefused(ResponseStore store, Content content) =>
        Assert.IsType<PutOutcome.Refused>(store.Put("k", Given.Variant(content), static _ => false)).Why;
}
