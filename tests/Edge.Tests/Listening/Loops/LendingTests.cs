using System.Buffers;
using Granary.Edge.Listening.Loops;
using Granary.Language;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Tests.Listening.Loops;

/// <summary>Stored bytes go out from where they lie, and stay there as long as they are needed.</summary>
public sealed class LendingTests : IAsyncLifetime
{
    private LoopWorld _world = null!;

    public async Task InitializeAsync() => _world = await LoopWorld.Starts();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task What_is_lent_goes_between_what_is_written_and_is_given_back_when_it_is_sent()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        var stored = LoopConnectionTests.Bytes(100_000);
        var (output, held) = (server.Transport.Output, new Held());
        var expected = new List<byte>();
        for (var i = 0; i < 50; i++)
        {
            output.Write(Head(i));
            Lend(server, stored.AsMemory(i * 1000, 1000));
            Lend(server, stored.AsMemory(i * 1000 + 1000, 500));
            output.Write(Head(-i));
            expected.AddRange([.. Head(i), .. stored[(i * 1000)..(i * 1000 + 1500)], .. Head(-i)]);
            if (i % 7 == 6) await output.FlushAsync();
        }

        server.Features.Get<ILending>()!.Afterwards(held);
        Assert.False(held.IsDisposed); // not all is flushed
        await output.FlushAsync();
        Assert.Equal(expected, await client.Takes(expected.Count));
        Assert.True(held.IsDisposed);
        await server.DisposeAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task To_a_client_that_does_not_read_it_is_held_until_it_does_or_is_gone(bool reads)
    {
        var (client, server) = await _world.Connects();
        var stored = LoopConnectionTests.Bytes(32 << 20);
        var held = new Held();
        Lend(server, stored);
        var flush = server.Transport.Output.FlushAsync();
        Assert.False(flush.IsCompleted);
        server.Features.Get<ILending>()!.Afterwards(held);
        Assert.False(held.IsDisposed);

        if (reads) Assert.Equal(stored, await client.Takes(stored.Length));
        else client.Resets();
        Assert.Equal(!reads, (await flush.AsTask().Within()).IsCompleted);
        await server.DisposeAsync().AsTask().Within();
        Assert.True(held.IsDisposed);
        client.Dispose();
    }

    [Fact]
    public async Task On_a_connection_that_is_over_it_is_given_back_at_once()
    {
        var (client, server) = await _world.Connects();
        using var _ = client;
        server.Abort(new ConnectionAbortedException("Broken."));
        var held = new Held();
        Lend(server, new byte[1000]);
        Assert.True((await server.Transport.Output.FlushAsync()).IsCompleted);
        server.Features.Get<ILending>()!.Afterwards(held);
        Assert.True(held.IsDisposed);
        await server.DisposeAsync();
    }

    private static void Lend(ConnectionContext server, ReadOnlyMemory<byte> bytes)
    {
        server.Features.Get<ILending>()!.Lend(bytes);
        Assert.True(server.Transport.Output.GetMemory(1).Span.Overlaps(bytes.Span));
        server.Transport.Output.Advance(bytes.Length);
    }

    private static byte[] Head(int i) => System.Text.Encoding.ASCII.GetBytes($"[{i}]");

    private sealed class Held : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
