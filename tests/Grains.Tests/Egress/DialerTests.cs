using System.Net;
using System.Net.Sockets;
using Granary.Grains.Egress;
using Granary.Grains.Egress.Dialing;
using Granary.Grains.Origin.Addresses;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Egress;

[Trait("Spec", "RFC 8305 §5")]
public sealed class DialerTests
{
    private const string Six = "2a00::1", Four = "1.1.1.1", Third = "2a00::2";

    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _tried = [];
    private readonly Dictionary<string, Func<CancellationToken, ValueTask<Stream>>> _behaves = [];
    private readonly List<CancellationToken> _given = [];
    private readonly Dialer _dialer;

    public DialerTests() => _dialer = new Dialer(static () => DialOptions.Default, Connect, _clock, NullLogger.Instance);

    [Fact]
    public async Task The_second_address_is_tried_beside_a_silent_first_one_after_250_ms_and_its_connection_counts()
    {
        Is(Six, Silent);
        var connecting = Connects(Four, Six);
        Assert.Equal([Six], _tried);
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal([Six], _tried);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await (await connecting).DisposeAsync();
        Assert.Equal([Six, Four], _tried);
        Assert.True(_given[0].IsCancellationRequested);
    }

    [Fact]
    public async Task After_a_failure_the_next_is_tried_at_once()
    {
        Is(Six, Refuses);
        await (await Connects(Four, Six)).DisposeAsync();
        Assert.Equal([Six, Four], _tried);
    }

    [Fact]
    public async Task A_first_one_that_answers_late_still_wins_over_a_second_that_does_not()
    {
        var late = new TaskCompletionSource<Stream>();
        Is(Six, _ => new(late.Task));
        Is(Four, Silent);
        var connecting = Connects(Four, Six);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        var mine = new MemoryStream();
        late.SetResult(mine);
        Assert.Same(mine, await connecting);
    }

    [Fact]
    public async Task A_connection_that_comes_too_late_is_closed()
    {
        var late = new TaskCompletionSource<Stream>();
        var closed = new TaskCompletionSource();
        Is(Six, _ => new(late.Task));
        var connecting = Connects(Four, Six);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await (await connecting).DisposeAsync();
        late.SetResult(new Told(closed));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_address_that_failed_is_tried_last_for_a_while()
    {
        Is(Six, Refuses);
        await (await Connects(Four, Six)).DisposeAsync();
        await (await Connects(Four, Six)).DisposeAsync();
        Assert.Equal([Six, Four, Four], _tried);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await (await Connects(Four, Six)).DisposeAsync();
        Assert.Equal([Six, Four, Four, Six, Four], _tried);
    }

    [Fact]
    public async Task One_that_was_overtaken_is_tried_last_as_well()
    {
        Is(Six, Silent);
        var connecting = Connects(Four, Six);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await (await connecting).DisposeAsync();
        await (await Connects(Four, Six)).DisposeAsync();
        Assert.Equal([Six, Four, Four], _tried);
    }

    [Fact]
    public async Task An_error_says_how_many_were_tried_in_which_way_and_names_no_address()
    {
        Is(Six, Refuses);
        Is(Third, static _ => throw new SocketException((int)SocketError.HostUnreachable));
        Is(Four, Silent);
        var connecting = Connects(Four, Six, Third);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var e = await Assert.ThrowsAsync<OriginConnectException>(() => connecting);
        Assert.Equal((ConnectFault.ConnectTimedOut, "3 addresses tried: 1 silent, 1 refused, 1 unreachable"), (e.Fault, e.Tried));
    }

    [Fact]
    public async Task A_refusal_tells_more_than_a_family_without_a_way()
    {
        Is(Six, static _ => throw new SocketException((int)SocketError.NetworkUnreachable));
        Is(Four, Refuses);
        Assert.Equal(ConnectFault.ConnectionRefused, (await Assert.ThrowsAsync<OriginConnectException>(() => Connects(Four, Six))).Fault);
    }

    [Fact]
    public async Task Who_gives_up_ends_all_attempts()
    {
        using var caller = new CancellationTokenSource();
        Is(Six, Silent);
        Is(Four, Silent);
        var connecting = Connects(caller.Token, Four, Six);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.All(_given, static token => Assert.True(token.IsCancellationRequested));
    }

    [Fact]
    public async Task A_source_address_that_is_none_of_this_machine_is_an_error_of_its_own()
    {
        var dialer = new Dialer(static () => DialOptions.Default, Sockets.Connect, TimeProvider.System, NullLogger.Instance);
        var deadline = new ConnectDeadline(TimeSpan.FromSeconds(30), TimeProvider.System, default);
        var e = await Assert.ThrowsAsync<OriginConnectException>(async () =>
            await dialer.Connect("x", [IPAddress.Loopback], 9, SourceAddresses.Of([IPAddress.Parse("192.0.2.1")]), deadline, default));
        Assert.Equal(ConnectFault.SourceUnusable, e.Fault);
    }

    [Fact]
    public async Task Connections_come_from_the_source_address()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var dialer = new Dialer(static () => DialOptions.Default, Sockets.Connect, TimeProvider.System, NullLogger.Instance);
        var deadline = new ConnectDeadline(TimeSpan.FromSeconds(30), TimeProvider.System, default);
        await using var stream = await dialer.Connect("x", [IPAddress.Loopback], ((IPEndPoint)listener.LocalEndpoint).Port, SourceAddresses.Of([IPAddress.Parse("127.0.0.7")]), deadline, default);
        using var accepted = await listener.AcceptSocketAsync();
        Assert.Equal("127.0.0.7", ((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString());
    }

    private static ValueTask<Stream> Refuses(CancellationToken cancellationToken) => throw new SocketException((int)SocketError.ConnectionRefused);

    private static async ValueTask<Stream> Silent(CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return Stream.Null;
    }

    private void Is(string address, Func<CancellationToken, ValueTask<Stream>> behaviour) => _behaves[address] = behaviour;

    private Task<Stream> Connects(params string[] addresses) => Connects(default, addresses);

    private async Task<Stream> Connects(CancellationToken caller, params string[] addresses)
    {
        var deadline = new ConnectDeadline(TimeSpan.FromSeconds(5), _clock, caller);
        using var limit = deadline.Whole();
        return await _dialer.Connect("example.com", [.. addresses.Select(IPAddress.Parse)], 80, null, deadline, limit.Token);
    }

    private ValueTask<Stream> Connect(IPEndPoint to, IPAddress? from, CancellationToken cancellationToken)
    {
        _tried.Add(to.Address.ToString());
        _given.Add(cancellationToken);
        return _behaves.TryGetValue(to.Address.ToString(), out var behaviour) ? behaviour(cancellationToken) : new(new MemoryStream());
    }

    private sealed class Told(TaskCompletionSource closed) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            closed.TrySetResult();
        }
    }
}
