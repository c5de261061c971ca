using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Origin.Addresses;

public sealed class GuardedConnectTests
{
    private static readonly IPAddress Public = IPAddress.Parse("8.8.8.8");
    private static readonly IPAddress Private = IPAddress.Parse("10.0.0.1");

    private readonly FakeTimeProvider _clock = new();
    private readonly List<IPEndPoint> _tried = [];

    [Fact]
    public async Task Given_a_name_with_a_public_address_then_that_very_address_is_connected()
    {
        await using var stream = await ToAny(Resolves(Public)).ConnectAsync("example.com", 80, default);

        Assert.Equal([new IPEndPoint(Public, 80)], _tried);
    }

    [Fact]
    public async Task Given_a_name_with_a_public_and_a_private_address_then_nothing_is_connected()
    {
        var e = await Assert.ThrowsAsync<OriginConnectException>(async () => await ToAny(Resolves(Public, Private)).ConnectAsync("rebind.example", 80, default));

        Assert.Equal((ConnectFault.DestinationRefused, AddressRefusal.Private), (e.Fault, e.Refusal));
        Assert.Empty(_tried);
    }

    [Fact]
    public async Task Given_a_name_that_resolves_to_another_address_the_second_time_then_it_is_resolved_once_for_check_and_connection()
    {
        var answers = new Queue<IPAddress>([Public, Private]);

        await using var stream = await ToAny((_, _) => new([answers.Dequeue()])).ConnectAsync("rebind.example", 80, default);

        Assert.Equal(Public, Assert.Single(_tried).Address);
        Assert.Single(answers);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    public async Task Given_loopback_in_any_spelling_then_it_is_refused_without_asking_for_a_name(string host)
    {
        var e = await Assert.ThrowsAsync<OriginConnectException>(async () => await ToAny(FailsTheTest).ConnectAsync(host, 80, default));

        Assert.Equal(AddressRefusal.Loopback, e.Refusal);
    }

    [Fact]
    public async Task Given_a_configured_origin_then_it_may_be_anywhere()
    {
        var connect = GuardedConnect.ToConfiguredOrigins(() => TimeSpan.FromSeconds(5), _clock, Resolves(Private), Connects);

        await using var stream = await connect.ConnectAsync("origin.internal", 80, default);

        Assert.Equal(Private, Assert.Single(_tried).Address);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound)]
    [InlineData(SocketError.TryAgain)]
    [InlineData(SocketError.NoData)]
    public async Task Given_a_name_that_does_not_resolve_then_the_fault_says_so(SocketError error)
    {
        var e = await Fails(ToAny((_, _) => throw new SocketException((int)error)));

        Assert.Equal(ConnectFault.NameNotResolved, e.Fault);
    }

    [Fact]
    public async Task Given_a_name_without_addresses_then_the_fault_says_so() =>
        Assert.Equal(ConnectFault.NameNotResolved, (await Fails(ToAny(Resolves()))).Fault);

    [Fact]
    public async Task Given_a_resolver_that_never_answers_when_the_time_is_over_then_the_name_is_not_resolved()
    {
        var connecting = ToAny((_, _) => new(new TaskCompletionSource<IPAddress[]>().Task)).ConnectAsync("example.com", 80, default).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(ConnectFault.NameNotResolved, (await Assert.ThrowsAsync<OriginConnectException>(() => connecting)).Fault);
    }

    [Fact]
    public async Task Given_an_address_that_does_not_answer_when_its_share_of_the_time_is_over_then_the_next_one_is_tried()
    {
        var second = IPAddress.Parse("9.9.9.9");
        var connecting = Any(Resolves(Public, second), (to, ct) => to.Address.Equals(Public) ? Never(ct) : Connects(to, ct)).ConnectAsync("example.com", 80, default).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(2.5));

        await using var stream = await connecting;
        Assert.Equal(second, Assert.Single(_tried).Address);
    }

    [Fact]
    public async Task Given_an_address_that_does_not_answer_when_the_time_is_over_then_the_fault_is_the_time_out()
    {
        var connecting = Any(Resolves(Public), (_, ct) => Never(ct)).ConnectAsync("example.com", 80, default).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(ConnectFault.ConnectTimedOut, (await Assert.ThrowsAsync<OriginConnectException>(() => connecting)).Fault);
    }

    [Fact]
    public async Task Given_a_caller_that_gives_up_then_that_is_a_cancellation_and_no_fault()
    {
        using var caller = new CancellationTokenSource();
        var connecting = Any(Resolves(Public), (_, ct) => Never(ct)).ConnectAsync("example.com", 80, caller.Token).AsTask();

        await caller.CancelAsync();

        Assert.Equal(caller.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting)).CancellationToken);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, ConnectFault.ConnectionRefused)]
    [InlineData(SocketError.TimedOut, ConnectFault.ConnectTimedOut)]
    [InlineData(SocketError.HostUnreachable, ConnectFault.Unreachable)]
    [InlineData(SocketError.NetworkUnreachable, ConnectFault.Unreachable)]
    [InlineData(SocketError.AddressFamilyNotSupported, ConnectFault.Unreachable)]
    public async Task Given_a_connection_that_fails_then_the_fault_tells_how(SocketError error, ConnectFault fault)
    {
        var e = await Fails(Any(Resolves(Public), (_, _) => throw new SocketException((int)error)));

        Assert.Equal(fault, e.Fault);
        Assert.DoesNotContain("8.8.8.8", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_real_listener_then_bytes_go_through_without_delay_by_nagle()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connect = GuardedConnect.ToAnyDestination(new(CidrSet.Loopback), () => TimeSpan.FromMinutes(1), TimeProvider.System);

        await using var stream = await connect.ConnectAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, default);
        using var accepted = await listener.AcceptSocketAsync();
        await stream.WriteAsync("hello"u8.ToArray());
        var buffer = new byte[5];
        await accepted.ReceiveAsync(buffer);

        Assert.Equal("hello", Encoding.ASCII.GetString(buffer));
        Assert.True(((NetworkStream)stream).Socket.NoDelay);
    }

    [Fact]
    public async Task Given_the_http_client_when_the_destination_is_refused_then_the_error_can_be_read_from_what_it_throws()
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = ToAny(Resolves(Private)).ConnectAsync };
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://inner.example/");

        var e = await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(request, default));

        Assert.Equal(OriginFault.DestinationRefused, OriginError.From(e).Fault);
    }

    private static NameResolver Resolves(params IPAddress[] addresses) => (_, _) => new(addresses);

    private static ValueTask<IPAddress[]> FailsTheTest(string host, CancellationToken ct) => throw new InvalidOperationException($"{host} was asked for");

    private static async ValueTask<Stream> Never(CancellationToken ct)
    {
        await new TaskCompletionSource().Task.WaitAsync(ct);
        return Stream.Null;
    }

    private static async Task<OriginConnectException> Fails(GuardedConnect connect) =>
        await Assert.ThrowsAsync<OriginConnectException>(async () => await connect.ConnectAsync("example.com", 80, default));

    private ValueTask<Stream> Connects(IPEndPoint endPoint, CancellationToken ct)
    {
        _tried.Add(endPoint);
        return new(Stream.Null);
    }

    private GuardedConnect ToAny(NameResolver resolve) => Any(resolve, Connects);

    private GuardedConnect Any(NameResolver resolve, SocketConnector connect) =>
        GuardedConnect.ToAnyDestination(DestinationPolicy.Default, () => TimeSpan.FromSeconds(5), _clock, resolve, connect);
}
