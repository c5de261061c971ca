using Granary.Edge.Layer4;
using Granary.Language;

namespace Granary.Edge.Tests.Layer4;

public sealed class BalancingTests
{
    [Fact]
    public async Task Connections_go_to_the_destinations_in_turns()
    {
        using var one = Backend.Listens();
        using var two = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {one};{two}");
        for (var i = 0; i < 3; i++)
        {
            await (await proxy.Connects(two)).Handed.Says("x");
            await (await proxy.Connects(one)).Handed.Says("x");
        }
    }

    [Fact]
    public async Task New_connections_go_where_the_fewest_are_open()
    {
        using var one = Backend.Listens();
        using var two = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {one};{two}", "Balance LeastConnections");
        var (first, _) = await proxy.Connects(two); // equals take turns, and the second is first
        await proxy.Connects(one);
        await proxy.Connects(two);
        await proxy.Connects(one);
        first.Resets();
        await proxy.Tells("ConnectionClosed");
        await WaitUntil(proxy, () => proxy.Service.Destinations[1].Open == 1);
        await proxy.Connects(two);
    }

    [Fact]
    public async Task A_destination_that_refuses_costs_no_connection_is_taken_out_and_comes_back()
    {
        using var dead = Backend.Refuses();
        using var alive = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {dead};{alive}", "Balance First", "FailuresInARow 3", "OutFor 10s");
        for (var i = 0; i < 5; i++)
        {
            var (client, handed) = await proxy.Connects(alive);
            await client.Says("x");
            await handed.Hears("x");
        }

        Assert.Equal((1, 0), (proxy.Log.Count("DestinationOut"), proxy.Log.Count("DestinationBack")));
        Assert.Equal((0, 1), (proxy.Reads("granary.tcp.destination.up", $"{dead}"), proxy.Reads("granary.tcp.destination.up", $"{alive}")));
        dead.Starts();
        await proxy.Connects(alive);
        proxy.Clock.Passes(10.Seconds());
        await proxy.Connects(dead);
        await proxy.Tells("DestinationBack");
        await proxy.Connects(dead);
        Assert.Equal(1, proxy.Reads("granary.tcp.destination.up", $"{dead}"));
    }

    [Fact]
    public async Task A_connection_that_all_destinations_refuse_is_closed_at_once_also_when_all_are_out()
    {
        using var one = Backend.Refuses();
        using var two = Backend.Refuses();
        await using var proxy = await TcpProxy.Starts($"To {one};{two}", "FailuresInARow 1");
        for (var i = 0; i < 3; i++) await proxy.Refuses();
        await proxy.Tells("ConnectionRefused", 3);
        Assert.Equal(2, proxy.Log.Count("DestinationOut"));
        two.Starts();
        await proxy.Connects(two); // better one that may be dead than none
        await proxy.Tells("DestinationBack");
    }

    [Fact]
    public async Task Health_checks_take_a_destination_out_and_bring_it_back_without_a_connection()
    {
        using var backend = Backend.Refuses();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "HealthInterval 5s", "FailuresInARow 2", "ConnectTimeout 5m");
        await proxy.Clock.Holds(5.Seconds(), 1);
        while (proxy.Log.Count("DestinationOut") == 0)
        {
            proxy.Clock.Passes(5.Seconds());
            await Task.Yield();
        }

        backend.Starts();
        while (proxy.Log.Count("DestinationBack") == 0)
        {
            proxy.Clock.Passes(5.Seconds());
            await Task.Yield();
        }

        await (await backend.Accepts()).HearsTheEnd();
    }

    [Fact]
    public async Task More_connections_than_the_most_are_closed_and_counted_and_one_that_ends_makes_room()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "MostConnections 2");
        var (first, _) = await proxy.Connects(backend);
        await proxy.Connects(backend);
        await proxy.Refuses();
        first.Resets();
        await WaitUntil(proxy, () => proxy.Service.Figures.Open == 1);
        await proxy.Connects(backend);
        Assert.Contains(proxy.Log.Lines, static line => line.Text.Contains(nameof(TcpRefusal.TooManyConnections), StringComparison.Ordinal));
    }

    private static async Task WaitUntil(TcpProxy proxy, Func<bool> holds)
    {
        for (var patience = Deadline.Over(); !holds(); await Task.Yield())
            if (patience.IsCompleted) Assert.Fail($"{proxy.Service.Figures.Open} are open.");
    }
}
