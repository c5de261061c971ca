using CsCheck;
using Granary.Grains.Store;

namespace Granary.Grains.Tests.Store;

public sealed class ContentTests
{
    [Theory]
    [InlineData(1_100, true, 1_280)]
    [InlineData(1_100, false, 1_280)]
    [InlineData(5_000, false, 4_096 + 1_024)]
    [InlineData(100_000, true, 65_536 + 34_560)]
    [InlineData(0, true, 0)]
    public void Given_a_complete_content_then_it_takes_what_it_needs(int bytes, bool declared, long taken)
    {
        using var store = Given.Store(window: 256 << 10);
        var content = store.Complete(bytes, declared);
        Assert.Equal(taken, store.Statistics.ContentBytes);
        Assert.Equal(bytes, content.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Given_all_of_a_declared_length_then_it_has_arrived_though_nobody_has_said_so_yet(bool declared)
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(declared ? 100 : null);
        await writer.WriteAsync(99);
        Assert.False(writer.Content.HasArrived);
        await writer.WriteAsync(1);
        Assert.Equal(declared, writer.Content.HasArrived);
        writer.Complete();
        Assert.True(writer.Content.HasArrived);
    }

    [Fact]
    public Task Given_readers_at_any_pace_when_content_arrives_in_any_pieces_then_each_reads_every_byte() =>
        Gen.Select(Gen.Int[1, 20_000].Array[1, 12], Gen.Int[1, 30_000].Array[1, 6], Gen.Bool, Gen.Bool)
            .SampleAsync(async (pieces, paces, declared, windowed) =>
            {
                using var store = Given.Store(16 * Given.Mi, window: 16 << 10);
                long? length = declared ? pieces.Sum() : null;
                using var writer = windowed ? store.CreateWindowed(length) : store.CreateContent(length);
                var readers = paces.Select(pace => (Reader: writer.Content.TryOpenReader()!, Pace: pace)).ToArray();
                var reads = readers.Select(each => Task.Run(() => ReadAndClose(each.Reader, each.Pace))).ToArray();
                foreach (var piece in pieces) await writer.WriteAsync(piece);
                writer.Complete();
                foreach (var read in await Task.WhenAll(reads)) Assert.Equal(pieces.Sum(), read);
            }, iter: 200);

    [Fact]
    public Task Given_a_retained_content_when_readers_open_anywhere_at_any_time_then_each_reads_from_there_to_the_end() =>
        Gen.Select(Gen.Int[1, 300_000], Gen.Double[0, 1].Array[1, 8], Gen.Int[1, 40_000], Gen.Bool)
            .SampleAsync(async (bytes, offsets, piece, declared) =>
            {
                using var store = Given.Store(16 * Given.Mi);
                using var writer = store.CreateContent(declared ? bytes : null);
                var reads = new List<Task<long>>();
                foreach (var offset in offsets.Select(share => (long)(share * bytes)))
                {
                    reads.Add(ReadAndClose(writer.Content.TryOpenReader(offset)!, 5_000));
                    var next = Math.Min(piece, bytes - (int)writer.Content.Arrived);
                    await writer.WriteAsync(next);
                }

                await writer.WriteAsync(bytes - (int)writer.Content.Arrived);
                writer.Complete();
                var read = await Task.WhenAll(reads);
                Assert.Equal(offsets.Select(share => bytes - (long)(share * bytes)), read);
            }, iter: 200);

    [Fact]
    public async Task Given_a_thousand_readers_waiting_when_content_comes_byte_by_byte_then_none_misses_a_wake_up()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(null);
        var reads = Enumerable.Range(0, 1_000).Select(_ => ReadAndClose(writer.Content.TryOpenReader()!, 1)).ToArray();
        for (var i = 0; i < 100; i++) writer.Write(1);
        writer.Complete();
        Assert.All(await Task.WhenAll(reads), read => Assert.Equal(100, read));
    }

    [Fact]
    public async Task Given_writer_and_reader_racing_over_every_byte_then_no_wake_up_is_lost()
    {
        using var store = Given.Store(16 * Given.Mi, window: 16 << 10);
        for (var round = 0; round < 20; round++)
        {
            using var writer = store.CreateWindowed(null);
            var read = Task.Run(() => ReadAndClose(writer.Content.TryOpenReader()!, int.MaxValue));
            for (var i = 0; i < 20_000; i += 7) await writer.WriteAsync(7);
            writer.Complete();
            Assert.Equal(20_006 / 7 * 7, await read);
        }
    }

    [Fact]
    public async Task Given_a_reader_that_blocks_in_its_continuation_then_the_writer_goes_on()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(null);
        using var reader = writer.Content.TryOpenReader()!;
        using var hold = new ManualResetEventSlim();
        var blocked = BlockAfterRead(reader, hold);
        writer.Write(1);
        writer.Write(1);
        hold.Set();
        await blocked;
    }

    [Theory]
    [InlineData(10, 9, ContentFault.ShorterThanDeclared)]
    [InlineData(10, 0, ContentFault.ShorterThanDeclared)]
    public async Task Given_less_than_was_declared_when_it_ends_then_readers_see_it_incomplete(int declared, int written, ContentFault fault)
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(declared);
        using var reader = writer.Content.TryOpenReader()!;
        writer.Write(written);
        writer.Complete();
        var seen = await Assert.ThrowsAsync<IncompleteContentException>(() => reader.ReadAllAsync());
        Assert.Equal((fault, written), (seen.Fault, reader.Position));
        Assert.Null(writer.Content.TryOpenReader());
    }

    [Fact]
    public async Task Given_more_than_was_declared_then_the_surplus_reaches_nobody_and_the_content_fails()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(10);
        using var reader = writer.Content.TryOpenReader()!;
        writer.Write(10);
        Assert.False(writer.GetMemory().IsEmpty);
        writer.Advance(1);
        writer.Complete();
        var seen = await Assert.ThrowsAsync<IncompleteContentException>(() => reader.ReadAllAsync());
        Assert.Equal((ContentFault.LongerThanDeclared, 10), (seen.Fault, reader.Position));
        Assert.Equal(ContentState.Failed, writer.Content.State);
    }

    [Fact]
    public void Given_more_advanced_than_was_given_then_it_is_refused()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(null);
        var memory = writer.GetMemory();
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(memory.Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
    }

    [Fact]
    public async Task Given_a_writer_that_fails_or_is_let_go_then_waiting_readers_get_what_arrived_and_then_the_cause()
    {
        using var store = Given.Store();
        var writer = store.CreateContent(null);
        using var reader = writer.Content.TryOpenReader()!;
        var read = reader.ReadAllAsync();
        writer.Write(5);
        writer.Fail(new TimeoutException());
        writer.Dispose();
        var seen = await Assert.ThrowsAsync<IncompleteContentException>(() => read);
        Assert.Equal((ContentFault.WriterFailed, 5), (seen.Fault, reader.Position));
        Assert.IsType<TimeoutException>(seen.InnerException);

        var abandoned = store.CreateContent(null);
        using var other = abandoned.Content.TryOpenReader()!;
        abandoned.Dispose();
        Assert.Equal(ContentFault.Abandoned, (await Assert.ThrowsAsync<IncompleteContentException>(async () => await other.ReadAsync())).Fault);
    }

    [Fact]
    public async Task Given_a_waiting_read_when_it_is_cancelled_then_the_reader_can_read_on()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(null);
        using var reader = writer.Content.TryOpenReader()!;
        using var cancel = new CancellationTokenSource();
        var read = reader.ReadAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await read);
        writer.Write(3);
        writer.Complete();
        Assert.Equal(3, await reader.ReadAllAsync());
    }

    [Fact]
    public async Task Given_a_waiting_read_when_its_reader_is_let_go_then_it_ends()
    {
        using var store = Given.Store();
        using var writer = store.CreateContent(null);
        var reader = writer.Content.TryOpenReader()!;
        var read = reader.ReadAsync();
        reader.Dispose();
        reader.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await read);
    }

    [Fact]
    public void Given_everybody_has_let_go_then_every_block_is_back_and_nobody_finds_it()
    {
        using var store = Given.Store();
        var writer = store.CreateContent(null);
        var reader = writer.Content.TryOpenReader()!;
        writer.Write(10_000);
        writer.Complete();
        Assert.True(store.TryOpen(writer.Content.Id, 5_000, out var second));
        reader.Dispose();
        second.Dispose();
        Assert.False(store.TryOpen(writer.Content.Id, 0, out _));
        Assert.Equal((0, 0), (store.Statistics.ContentBytes, store.Statistics.Contents));
    }

    [Fact]
    public void Given_an_offset_beyond_the_end_then_there_is_no_reader()
    {
        using var store = Given.Store();
        var content = store.Complete(10);
        Assert.Null(content.TryOpenReader(11));
        using var atEnd = content.TryOpenReader(10)!;
        Assert.True(atEnd.TryRead(out var bytes) && bytes.IsEmpty);
    }

    [Fact]
    public void Given_equal_bytes_then_the_checksum_is_that_of_the_bytes_however_they_came()
    {
        using var store = Given.Store();
        Assert.Equal(0xE3069283, ChecksumOf(store, "123456789", 9));
        Assert.Equal(0xE3069283, ChecksumOf(store, "123456789", 2));
    }

    private static uint? ChecksumOf(ResponseStore store, string text, int piece)
    {
        using var writer = store.CreateContent(null);
        foreach (var part in text.Chunk(piece))
        {
            var memory = writer.GetMemory();
            writer.Advance(System.Text.Encoding.ASCII.GetBytes(part, memory.Span));
        }

        writer.Complete();
        return writer.Content.Checksum;
    }

    private static async Task BlockAfterRead(ContentReader reader, ManualResetEventSlim hold)
    {
        await reader.ReadAsync().ConfigureAwait(false);
        hold.Wait();
    }

    private static async Task<long> ReadAndClose(ContentReader reader, int pace)
    {
        using (reader) return await reader.ReadAllAsync(pace);
    }
}
