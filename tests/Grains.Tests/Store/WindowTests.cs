using Granary.Grains.Store;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Store;

public sealed class WindowTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Given_a_window_when_it_is_full_then_the_writer_waits_until_the_slowest_reader_has_moved()
    {
        using var store = Given.Store(window: 16 << 10);
        using var writer = store.CreateWindowed(64 << 10);
        using var slow = writer.Content.TryOpenReader()!;
        using var fast = writer.Content.TryOpenReader()!;
        writer.Write(16 << 10);
        var next = writer.GetMemoryAsync().AsTask();
        Consume(fast, 16 << 10);
        Consume(slow, 4_095);
        Assert.False(next.IsCompleted);
        Consume(slow, 1);
        Assert.False((await next).IsEmpty);
        Assert.Equal(16 << 10, store.Statistics.ContentBytes);
        Assert.Null(writer.Content.TryOpenReader());
    }

    [Fact]
    public async Task Given_a_large_content_through_a_window_then_memory_stays_flat_and_every_byte_arrives()
    {
        const int Bytes = 20 * Given.Mi;
        using var store = Given.Store(window: 64 << 10);
        using var writer = store.CreateContent(Bytes);
        Assert.False(writer.Content.IsRetained);
        var reader = writer.Content.TryOpenReader()!;
        var read = Task.Run(() => reader.ReadAllAsync());
        for (var i = 0; i < 20; i++)
        {
            await writer.WriteAsync(Given.Mi);
            Assert.InRange(store.Statistics.ContentBytes, 0, 64 << 10);
        }

        writer.Complete();
        Assert.Equal(Bytes, await read);
        reader.Dispose();
        Assert.Equal(0, store.Statistics.ContentBytes);
    }

    [Fact]
    public async Task Given_a_content_of_unknown_length_that_outgrows_what_is_kept_then_it_passes_through_a_window_and_is_no_longer_stored()
    {
        using var store = Given.Store(maxResponse: 128 << 10);
        using var writer = store.CreateContent(null);
        Assert.IsType<PutOutcome.Stored>(store.Put("k", Given.Variant(writer.Content), static _ => false));
        using var reader = writer.Content.TryOpenReader()!;
        var read = Task.Run(() => reader.ReadAllAsync());
        await writer.WriteAsync(Given.Mi);
        Assert.Empty(store.Find("k"));
        Assert.Null(writer.Content.TryOpenReader());
        writer.Complete();
        Assert.Equal(Given.Mi, await read);
        Assert.Equal(PutRefusal.ContentNotRetained, Assert.IsType<PutOutcome.Refused>(store.Put("k", Given.Variant(writer.Content), static _ => false)).Why);
    }

    [Fact]
    public async Task Given_a_window_when_all_readers_have_gone_then_the_writer_is_told_and_freed()
    {
        using var store = Given.Store(window: 16 << 10);
        using var writer = store.CreateWindowed(null);
        var gone = writer.ReadersGone;
        var reader = writer.Content.TryOpenReader()!;
        writer.Write(16 << 10);
        var next = writer.GetMemoryAsync().AsTask();
        reader.Dispose();
        Assert.Equal(ContentFault.ReadersGone, (await Assert.ThrowsAsync<IncompleteContentException>(() => next)).Fault);
        await Cancelled(gone);
        writer.Dispose();
        Assert.Equal(0, store.Statistics.ContentBytes);
    }

    [Fact]
    public void Given_a_writer_still_writing_when_all_readers_have_gone_then_its_block_is_not_given_to_another()
    {
        using var store = Given.Store();
        var writer = store.CreateWindowed(null);
        var memory = writer.GetMemory();
        writer.Content.TryOpenReader()!.Dispose();
        Assert.NotEqual(0, store.Statistics.ContentBytes);
        memory.Span.Fill(1);
        writer.Advance(memory.Length);
        writer.Dispose();
        Assert.Equal(0, store.Statistics.ContentBytes);
    }

    [Fact]
    public async Task Given_a_retained_content_when_all_readers_have_gone_then_it_goes_on_to_its_end()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(null);
        writer.Content.TryOpenReader()!.Dispose();
        Assert.False(writer.ReadersGone.IsCancellationRequested);
        store.Put("k", Given.Variant(writer.Content), static _ => false);
        await writer.WriteAsync(100_000);
        writer.Complete();
        using var late = writer.Content.TryOpenReader()!;
        Assert.Equal(100_000, await late.ReadAllAsync());
    }

    [Fact]
    public async Task Given_a_window_that_nobody_opens_then_the_writer_waits_and_in_the_end_gives_up()
    {
        using var store = Given.Store(clock: _clock, window: 16 << 10);
        using var writer = store.CreateWindowed(null);
        writer.Write(16 << 10);
        var next = writer.GetMemoryAsync().AsTask();
        _clock.Advance(Given.Patience - TimeSpan.FromTicks(1));
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(ContentFault.Unclaimed, (await Assert.ThrowsAsync<IncompleteContentException>(() => next)).Fault);
    }

    [Fact]
    public void Given_a_complete_content_that_nobody_opens_then_it_is_kept_for_a_while_and_then_let_go()
    {
        using var store = Given.Store(clock: _clock);
        var content = store.Complete(1_000);
        _clock.Advance(Given.Patience - TimeSpan.FromTicks(1));
        Assert.Equal(1, store.Statistics.Contents);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(content.TryOpenReader());
        Assert.Equal((0, 0), (store.Statistics.Contents, store.Statistics.ContentBytes));
    }

    [Fact]
    public async Task Given_a_stalled_reader_while_another_waits_then_it_is_cut_off_and_the_other_gets_everything()
    {
        using var store = Given.Store(clock: _clock, window: 16 << 10);
        using var writer = store.CreateWindowed(null);
        using var stalled = writer.Content.TryOpenReader()!;
        using var eager = writer.Content.TryOpenReader()!;
        writer.Write(16 << 10);
        Assert.True(stalled.TryRead(out var sending));
        var before = sending.ToArray();
        var rest = WriteRest(writer);
        Consume(eager, 16 << 10);
        var read = eager.ReadAllAsync();
        _clock.Advance(Given.Patience);
        await rest;
        Assert.Equal(64 << 10, await read);
        Assert.Equal(before, sending.ToArray());
        Assert.Equal(ContentFault.ReaderStalled, Assert.Throws<IncompleteContentException>(() => stalled.TryRead(out _)).Fault);
        stalled.Dispose();
        eager.Dispose();
        Assert.Equal(0, store.Statistics.ContentBytes);
    }

    [Fact]
    public async Task Given_a_slow_reader_when_nobody_waits_for_it_then_it_may_take_its_time()
    {
        using var store = Given.Store(clock: _clock, window: 16 << 10);
        using var writer = store.CreateWindowed(null);
        using var slow = writer.Content.TryOpenReader()!;
        writer.Write(16 << 10);
        var rest = WriteRest(writer);
        for (var i = 0; i < 10; i++) _clock.Advance(Given.Patience);
        Assert.Equal(80 << 10, await slow.ReadAllAsync());
        await rest;
    }

    private static async Task WriteRest(ContentWriter writer)
    {
        await writer.WriteAsync(64 << 10);
        writer.Complete();
    }

    private static void Consume(ContentReader reader, int bytes)
    {
        while (bytes > 0)
        {
            Assert.True(reader.TryRead(out var arrived));
            var count = Math.Min(bytes, arrived.Length);
            reader.Check(arrived.Span[..count]);
            reader.Advance(count);
            bytes -= count;
        }
    }

    private static Task Cancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(cancelled.SetResult);
        return cancelled.Task;
    }
}
