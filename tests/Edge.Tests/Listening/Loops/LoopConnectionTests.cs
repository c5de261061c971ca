using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Granary.Edge.Listening.Loops;
using Granary.Edge.Tests.Layer4;
using Granary.Language;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Tests.Listening.Loops;

/// <summary>A connection in an event loop does what one of the standard sockets does.</summary>
public sealed class LoopConnectionTests : IAsyncLifetime
{
    private LoopWorld _world = null!;

    public async Task InitializeAsync() => _world = await LoopWorld.Starts();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Bytes_go_both_ways_whole_and_in_order_whatever_their_sizes()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        var sent = Bytes(5_000_000);
        var echo = Echo(server);
        var says = Task.Run(async () =>
        {
            for (int at = 0, size = 1; at < sent.Length; at += size, size = size * 3 % 70_001 + 1) await client.Says(sent.AsMemory(at, Math.Min(size, sent.Length - at)));
            client.Ends();
        });

        Assert.Equal(sent, await client.HearsTheRest());
        await says.Within();
        await echo.Within();
    }

    [Fact]
    public async Task A_client_that_never_takes_the_end_is_reset_at_last()
    {
        var clock = new Clock();
        await using var world = await LoopWorld.Starts(clock: clock.Time);
        var (client, server) = await world.Connects();
        using var _ = client;
        var content = Bytes(1 << 20);
        while (server.Transport.Output.WriteAsync(content).AsTask().IsCompleted)
        {
        }

        var ends = server.DisposeAsync().AsTask();
        clock.Passes(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        Assert.False(ends.IsCompleted);
        clock.Passes(TimeSpan.FromMilliseconds(1));
        await ends.Within();
        await client.HearsAReset();
    }

    [Fact]
    public async Task A_client_that_does_not_read_makes_the_writer_wait_and_gets_everything_when_it_reads()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        var content = Bytes(1 << 20);
        var written = 0;
        while (true)
        {
            var flush = server.Transport.Output.WriteAsync(content);
            written++;
            if (flush.IsCompleted) continue;
            var heard = client.Takes(written * content.Length);
            Assert.False((await flush.AsTask().Within()).IsCompleted);
            Assert.Equal(Enumerable.Repeat(content, written).SelectMany(static one => one).ToArray(), await heard);
            break;
        }

        await server.DisposeAsync().AsTask().Within();
        await client.HearsTheEnd();
    }

    [Fact]
    public async Task What_was_written_before_the_end_is_sent_before_it()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        var content = Bytes(20 << 20);
        await server.Transport.Output.WriteAsync(content.AsMemory(0, 1000));
        server.Transport.Output.Write(content.AsSpan(1000)); // not flushed
        var closed = server.DisposeAsync().AsTask();

        Assert.Equal(content, await client.HearsTheRest());
        await closed.Within();
    }

    [Fact]
    public async Task A_client_that_does_not_read_on_does_not_get_more_than_a_bounded_number_of_bytes_read_from_it()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        var (taken, chunk) = (0L, new byte[256 << 10]);
        client.Socket.Blocking = false;
        await Deadline.Until(() =>
        {
            try
            {
                while (true) taken += client.Socket.Send(chunk);
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
            {
                return Task.FromResult(taken > 1 << 20);
            }
        }, static () => "Nothing was taken.");
        Assert.InRange(taken, 1 << 20, 64 << 20); // a mebibyte, and the buffers of both sockets
        client.Socket.Blocking = true;

        var left = taken;
        while (left > 0)
        {
            var read = await server.Transport.Input.ReadAsync().AsTask().Within();
            left -= read.Buffer.Length;
            server.Transport.Input.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal(0, left);
        await server.DisposeAsync();
    }

    [Fact, Trait("Promise", "P4")]
    public async Task An_aborted_connection_is_reset_and_everybody_hears_of_it()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        var reading = server.Transport.Input.ReadAsync().AsTask();
        await server.Transport.Output.WriteAsync("half"u8.ToArray());
        await client.Hears("half");
        server.Abort(new ConnectionAbortedException("Broken."));

        await client.HearsAReset();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading.Within());
        await LoopWorld.Closes(server);
        Assert.True((await server.Transport.Output.WriteAsync("more"u8.ToArray())).IsCompleted);
        await server.DisposeAsync().AsTask().Within();
    }

    [Fact]
    public async Task A_client_that_resets_or_ends_is_noticed_also_while_nothing_is_read_or_a_write_waits()
    {
        var (resets, one) = await _world.Connects();
        while (one.Transport.Output.WriteAsync(new byte[1 << 20]).AsTask().IsCompleted) await Task.Yield();
        resets.Resets();
        await LoopWorld.Closes(one);
        await Assert.ThrowsAsync<ConnectionResetException>(() => one.Transport.Input.ReadAsync().AsTask().Within());
        await one.DisposeAsync().AsTask().Within();

        var (ends, other) = await _world.Connects();
        using var _ = ends;
        await ends.Says("last");
        ends.Ends();
        await LoopWorld.Closes(other);
        var read = await other.Transport.Input.ReadAsync().AsTask().Within();
        Assert.Equal(("last", true), (Encoding.ASCII.GetString(read.Buffer), read.IsCompleted));
        await other.Transport.Output.WriteAsync("heard"u8.ToArray());
        await ends.Hears("heard");
        await other.DisposeAsync();
        await ends.HearsTheEnd();
    }

    [Fact]
    public async Task A_flush_that_waits_can_be_cancelled_and_the_bytes_still_go()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        using var cancel = new CancellationTokenSource();
        var sent = 0L;
        ValueTask<System.IO.Pipelines.FlushResult> flush;
        for (flush = default; flush.IsCompleted; sent += 1 << 20) flush = server.Transport.Output.WriteAsync(new byte[1 << 20], cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.AsTask().Within());

        var waits = server.Transport.Output.FlushAsync();
        server.Transport.Output.CancelPendingFlush();
        Assert.True((await waits.AsTask().Within()).IsCanceled);
        var closed = server.DisposeAsync().AsTask();
        Assert.Equal(sent, (await client.HearsTheRest()).LongLength);
        await closed.Within();
    }

    [Fact]
    public async Task Hundreds_of_connections_come_and_go_at_once_on_several_loops()
    {
        await using var world = await LoopWorld.Starts(3);
        var pairs = new List<(Wire Client, ConnectionContext Server)>();
        for (var i = 0; i < 300; i++) pairs.Add(await world.Connects());
        var echoes = pairs.Select(static pair => Echo(pair.Server)).ToList();
        await Task.WhenAll(pairs.Select(static async (pair, i) =>
        {
            var says = Bytes(1000 + i * 17);
            await pair.Client.Says(says);
            if (i % 3 == 0) pair.Client.Resets();
            else
            {
                pair.Client.Ends();
                Assert.Equal(says, await pair.Client.HearsTheRest());
                pair.Client.Dispose();
            }
        })).Within();
        await Task.WhenAll(echoes).Within();
    }

    [Fact]
    public async Task What_goes_on_in_the_loop_runs_in_its_thread_and_else_does_not()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        Assert.DoesNotContain("granary-loop", await ThreadThatReads(), StringComparison.Ordinal);
        server.Features.Get<LoopTurns>()!.InLoop = true;
        Assert.StartsWith("granary-loop", await ThreadThatReads(), StringComparison.Ordinal);
        await server.DisposeAsync();

        async Task<string> ThreadThatReads()
        {
            var reads = Reads();
            await client.Says("x");
            return await reads.Within();
        }

        async Task<string> Reads()
        {
            var read = await server.Transport.Input.ReadAsync().ConfigureAwait(false);
            var name = Thread.CurrentThread.Name ?? "";
            server.Transport.Input.AdvanceTo(read.Buffer.End);
            return name;
        }
    }

    internal static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static async Task Echo(ConnectionContext server)
    {
        try
        {
            while (true)
            {
                var read = await server.Transport.Input.ReadAsync();
                foreach (var segment in read.Buffer) await server.Transport.Output.WriteAsync(segment);
                server.Transport.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (ConnectionResetException)
        {
            // It was to be.
        }

        await server.DisposeAsync();
    }
}
