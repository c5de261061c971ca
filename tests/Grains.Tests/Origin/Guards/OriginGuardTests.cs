using Granary.Grains.Origin;
using Granary.Grains.Origin.Guards;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Origin.Guards;

public sealed class OriginGuardTests
{
    private readonly FakeTimeProvider _clock = new();
    private FetchOptions _options = new() { MaxFetchesPerOrigin = 4, MaxQueuedFetches = 1, CircuitFailures = 2, CircuitPause = TimeSpan.FromSeconds(5) };
    private int _silos = 1;

    private OriginGuard Guard() => new("http://origin", () => _options, () => _silos, _clock);

    private static readonly OriginReply Refused = new OriginReply.Failed(new OriginError(OriginFault.ConnectionRefused));
    private static readonly OriginReply Malformed = new OriginReply.Failed(new OriginError(OriginFault.Malformed));

    [Fact]
    public async Task What_all_silos_may_is_divided_among_them()
    {
        (_silos, _options) = (3, _options with { MaxQueuedFetches = 0 });
        var guard = Guard();
        Assert.Null(await guard.Enter(hasCircuit: true));
        Assert.Null(await guard.Enter(hasCircuit: true));
        Assert.Equal(OriginFault.Busy, await guard.Enter(hasCircuit: true));
        _silos = 1;
        Assert.Null(await guard.Enter(hasCircuit: true));
    }

    [Fact]
    public async Task A_process_alone_has_all_of_it()
    {
        (_silos, _options) = (0, _options with { MaxQueuedFetches = 0 });
        var guard = Guard();
        for (var i = 0; i < 4; i++) Assert.Null(await guard.Enter(hasCircuit: true));
        Assert.Equal(OriginFault.Busy, await guard.Enter(hasCircuit: true));
    }

    [Fact]
    public async Task Who_waits_gets_the_next_place_and_more_than_may_wait_are_refused_at_once()
    {
        _options = _options with { MaxFetchesPerOrigin = 1 };
        var guard = Guard();
        Assert.Null(await guard.Enter(hasCircuit: true));
        var waits = guard.Enter(hasCircuit: true).AsTask();
        Assert.Equal(OriginFault.Busy, await guard.Enter(hasCircuit: true));
        Assert.False(waits.IsCompleted);
        guard.Leave();
        Assert.Null(await waits);
        Assert.Equal((1, 0), (guard.UnderWay, guard.Queued));
    }

    [Fact]
    public async Task Who_has_waited_too_long_gives_up_and_takes_no_place()
    {
        _options = _options with { MaxFetchesPerOrigin = 1 };
        var guard = Guard();
        await guard.Enter(hasCircuit: true);
        var waits = guard.Enter(hasCircuit: true).AsTask();
        _clock.Advance(_options.HeadTimeout);
        Assert.Equal(OriginFault.Busy, await waits);
        guard.Leave();
        Assert.Equal((0, 0), (guard.UnderWay, guard.Queued));
    }

    [Fact]
    public async Task After_failures_in_a_row_nobody_passes_until_one_has_tried_with_success()
    {
        var guard = Guard();
        for (var i = 0; i < 2; i++) await Asks(guard, Refused);
        Assert.Equal(OriginFault.LeftAlone, await guard.Enter(hasCircuit: true));
        Assert.Null(await guard.Enter(hasCircuit: false)); // a lone origin has nobody to stand in for it
        guard.Leave();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Asks(guard, Refused);
        Assert.Equal(OriginFault.LeftAlone, await guard.Enter(hasCircuit: true));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await guard.Enter(hasCircuit: true));
        Assert.Equal(OriginFault.LeftAlone, await guard.Enter(hasCircuit: true)); // one tries
        guard.Learn(Malformed);                                                    // it is there, however it answers
        guard.Leave();
        Assert.Null(await guard.Enter(hasCircuit: true));
    }

    private static async Task Asks(OriginGuard guard, OriginReply reply)
    {
        Assert.Null(await guard.Enter(hasCircuit: true));
        guard.Learn(reply);
        guard.Leave();
    }
}
