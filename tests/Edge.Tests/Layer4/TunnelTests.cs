using System.Security.Cryptography;
using Granary.Edge.Layer4;
using Granary.Language;

namespace Granary.Edge.Tests.Layer4;

public sealed class TunnelTests
{
    [Fact]
    public async Task What_either_side_says_reaches_the_other_and_both_are_counted()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        await client.Says("question");
        await handed.Hears("question");
        await handed.Says("an answer");
        await client.Hears("an answer");
        client.Ends();
        handed.Ends();
        Assert.Contains($"ended: {nameof(TunnelEnd.Closed)}; 8 bytes in, 9 out", await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
        await client.HearsTheEnd();
        await handed.HearsTheEnd();
        await proxy.IsQuiet();
        Assert.Equal((8, 9), (proxy.Reads("granary.tcp.bytes", "in"), proxy.Reads("granary.tcp.bytes", "out")));
        Assert.Equal((1, 0), (proxy.Reads("granary.tcp.connections", "tcp"), proxy.Reads("granary.tcp.connections.open", "tcp")));
    }

    [Fact]
    public async Task A_server_may_speak_first()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        await handed.Says("SSH-2.0-server\r\n");
        await client.Hears("SSH-2.0-server\r\n");
    }

    [Fact, Trait("Fault", "52")]
    public async Task When_the_client_has_ended_its_half_the_other_flows_on_to_its_own_end()
    {
        var (question, answer) = (RandomNumberGenerator.GetBytes(700_001), RandomNumberGenerator.GetBytes(3_000_001));
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        var asking = Task.Run(async () =>
        {
            await client.Says(question);
            client.Ends();
        });
        Assert.Equal(question, await handed.HearsTheRest());
        await asking;
        var answering = Task.Run(async () =>
        {
            await handed.Says(answer);
            handed.Ends();
        });
        Assert.Equal(answer, await client.HearsTheRest());
        await answering;
        Assert.Contains(nameof(TunnelEnd.Closed), await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
        await proxy.IsQuiet();
    }

    [Fact, Trait("Fault", "52")]
    public async Task When_the_destination_has_ended_its_half_the_other_flows_on_to_its_own_end()
    {
        var late = RandomNumberGenerator.GetBytes(3_000_001);
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        await handed.Says("that is all");
        handed.Ends();
        Assert.Equal("that is all"u8.ToArray(), await client.HearsTheRest());
        var saying = Task.Run(async () =>
        {
            await client.Says(late);
            client.Ends();
        });
        Assert.Equal(late, await handed.HearsTheRest());
        await saying;
        Assert.Contains(nameof(TunnelEnd.Closed), await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
        await proxy.IsQuiet();
    }

    [Fact]
    public async Task A_reset_of_the_client_is_a_reset_to_the_destination()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        await client.Says("x");
        await handed.Hears("x");
        client.Resets();
        await handed.HearsAReset();
        Assert.Contains(nameof(TunnelEnd.ResetByClient), await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
        await proxy.IsQuiet();
    }

    [Fact]
    public async Task A_reset_of_the_destination_is_a_reset_to_the_client()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        await client.Says("x");
        await handed.Hears("x");
        handed.Resets();
        await client.HearsAReset();
        Assert.Contains(nameof(TunnelEnd.ResetByDestination), await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
        await proxy.IsQuiet();
    }

    [Fact]
    public async Task A_reset_in_the_middle_of_bytes_that_nobody_reads_ends_both_sides()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        var saying = handed.Says(new byte[64 << 20]); // more than all buffers on the way hold
        await client.Hears("\0");
        client.Resets();
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => saying);
        Assert.Contains(nameof(TunnelEnd.ResetByClient), await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
        await proxy.IsQuiet();
    }

    [Fact]
    public async Task A_slow_reader_holds_the_writer_back_and_gets_everything_in_the_end()
    {
        var much = RandomNumberGenerator.GetBytes(48 << 20);
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        var saying = client.Says(much);
        await handed.Hears(System.Text.Encoding.Latin1.GetString(much.AsSpan(0, 1)));
        Assert.False(saying.IsCompleted);
        var heard = handed.HearsTheRest();
        await saying.Within();
        client.Ends();
        Assert.Equal(much[1..], await heard);
    }

    [Fact]
    public async Task A_connection_on_which_nothing_moves_for_the_idle_time_out_is_closed_on_both_sides()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "IdleTimeout 10m");
        var (client, handed) = await proxy.Connects(backend);
        await proxy.Clock.Holds(10.Minutes(), 1);
        proxy.Clock.Passes(6.Minutes());
        await client.Says("a");
        await handed.Hears("a");
        proxy.Clock.Passes(6.Minutes());
        await handed.Says("b");
        await client.Hears("b");
        proxy.Clock.Passes(6.Minutes());
        await handed.Says("c");
        await client.Hears("c");
        proxy.Clock.Passes(11.Minutes());
        await client.HearsAReset();
        await handed.HearsAReset();
        Assert.Contains(nameof(TunnelEnd.Idle), await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
        await proxy.IsQuiet();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_half_closed_connection_falls_under_the_idle_time_out_too(bool clientEnds)
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "IdleTimeout 10m");
        var (client, handed) = await proxy.Connects(backend);
        var (ends, stays) = clientEnds ? (client, handed) : (handed, client);
        ends.Ends();
        await stays.HearsTheEnd();
        await proxy.Clock.Holds(10.Minutes(), 1);
        proxy.Clock.Passes(11.Minutes());
        await ends.HearsAReset();
        Assert.Contains(nameof(TunnelEnd.Idle), await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
        await proxy.IsQuiet();
    }

    [Fact]
    public async Task What_is_cut_off_by_the_idle_time_out_does_not_look_whole()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "IdleTimeout 10m");
        var (client, handed) = await proxy.Connects(backend);
        var saying = handed.Says(new byte[64 << 20]);
        await client.Hears("\0");
        while (!saying.IsCompleted)
        {
            proxy.Clock.Passes(11.Minutes());
            await Task.Yield();
        }

        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => saying);
        await client.HearsAReset();
        Assert.Contains(nameof(TunnelEnd.Idle), await proxy.TellsOfTheEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopping_process_lets_connections_come_to_their_end_for_a_while()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        var (client, handed) = await proxy.Connects(backend);
        var (other, otherHanded) = await proxy.Connects(backend);
        await other.Says("x");
        await otherHanded.Hears("x");
        other.Ends();
        await otherHanded.HearsTheEnd();
        var stopped = proxy.Stops();
        await proxy.Clock.Holds(Tunnel.Farewell, 2);
        await client.Says("still here");
        await handed.Hears("still here");
        Assert.False(stopped.IsCompleted);
        proxy.Clock.Passes(Tunnel.Farewell);
        await client.HearsAReset();
        await handed.HearsAReset();
        await stopped.Within();
        await proxy.IsQuiet();
    }

    [Fact, Trait("Fault", "48")]
    public async Task A_crowd_that_ends_in_every_way_leaves_nothing_behind()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}");
        for (var round = 0; round < 60; round++)
        {
            var (client, handed) = await proxy.Connects(backend);
            await handed.Says("s"); // a reset before the connection has been made is a refusal
            await client.Hears("s");
            if (round % 2 == 0) await client.Says("x");
            switch (round % 6)
            {
                case 0: client.Resets(); break;
                case 1: handed.Resets(); break;
                case 2: client.Dispose(); break;
                case 3: handed.Dispose(); break;
                case 4: client.Ends(); handed.Dispose(); break;
                default: handed.Ends(); client.Dispose(); break;
            }

            client.Dispose();
            handed.Dispose();
        }

        await proxy.Tells("ConnectionClosed", 60);
        await proxy.IsQuiet();
        Assert.Equal(60, proxy.Reads("granary.tcp.connections"));
    }
}
