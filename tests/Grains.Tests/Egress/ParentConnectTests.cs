using System.Net;
using System.Text;
using Granary.Grains.Egress.Dialing;
using Granary.Grains.Egress.Parents;
using Granary.Grains.Origin.Addresses;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Egress;

public sealed class ParentConnectTests
{
    private const string EndOfHead = "\r\n\r\n";

    private readonly FakeTimeProvider _clock = new();

    [Theory, Trait("Spec", "RFC 9110 §9.3.6")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200\r\n\r\nhello")]
    [InlineData("HTTP/1.0 200 Connection established\r\nX: y\r\n\r\nhello")]
    [InlineData("HTTP/1.1 204 None\nX: y\n\nhello")]
    [InlineData("HT|TP/1.1 2|00 OK\r|\n\r|\nhel|lo")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nhello")]
    public async Task An_http_parent_is_asked_by_CONNECT_and_what_follows_its_head_is_not_lost(string answer)
    {
        using var parent = ScriptedParent.Says((EndOfHead, answer));
        await using var stream = await Connect(Http(parent.At), "example.org", via: "1.1 first");
        var hello = new byte[5];
        await stream!.ReadExactlyAsync(hello);
        Assert.Equal("hello", Encoding.ASCII.GetString(hello));
        Assert.Equal(["CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nVia: 1.1 first, 1.1 us\r\n\r\n"], parent.Heard);
    }

    [Fact, Trait("Spec", "RFC 7617 §2")]
    public async Task It_is_told_who_we_are_where_that_is_set()
    {
        using var parent = ScriptedParent.Says((EndOfHead, "HTTP/1.1 200 OK\r\n\r\n"));
        await using var stream = await Connect(Http(parent.At) with { Credentials = new ParentCredentials("Aladdin", "open sesame") }, "2001:db8::1");
        Assert.Equal(["CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\nVia: 1.1 us\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"], parent.Heard);
    }

    [Theory]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\n\r\n", ConnectFault.Unreachable, null)]
    [InlineData("HTTP/1.1 504 Gateway Timeout\r\n\r\n", ConnectFault.ConnectTimedOut, null)]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", ConnectFault.ParentRefused, "403")]
    [InlineData("HTTP/1.1 508 Loop Detected\r\n\r\n", ConnectFault.ParentRefused, "508")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n", ConnectFault.ParentRefused, "302")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", ConnectFault.ParentRefused, "101")]
    public async Task What_it_says_of_the_destination_is_the_answer_and_it_is_well(string answer, ConnectFault fault, string? tried)
    {
        using var parent = ScriptedParent.Says((EndOfHead, answer));
        using var other = ScriptedParent.Says((EndOfHead, "HTTP/1.1 200 OK\r\n\r\n"));
        var connect = ConnectBy(Http(parent.At, other.At), out var road);
        var e = await Assert.ThrowsAsync<OriginConnectException>(async () => await connect.To(road, "example.org", 443, null, null, Deadline()));
        Assert.Equal((fault, tried), (e.Fault, e.Tried));
        Assert.Equal(0, other.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=x\r\n\r\n")]
    [InlineData("HTTP/1.1 503 Busy\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n")]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("SSH-2.0-x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: |END")]
    [InlineData("END")]
    public async Task A_parent_that_fails_itself_is_passed_over(string answer)
    {
        using var parent = ScriptedParent.Says((EndOfHead, answer));
        using var other = ScriptedParent.Says((EndOfHead, "HTTP/1.1 200 OK\r\n\r\n"));
        await using var stream = await Connect(Http(parent.At, other.At), "example.org");
        Assert.NotNull(stream);
        Assert.Single(other.Heard);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: ")]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\n")]
    public async Task A_head_without_end_is_not_read(string part)
    {
        using var parent = ScriptedParent.Says((EndOfHead, string.Concat(Enumerable.Repeat(part, 2000))));
        Assert.Equal(ConnectFault.ParentsUnavailable, (await Assert.ThrowsAsync<OriginConnectException>(() => Connect(Http(parent.At), "example.org"))).Fault);
    }

    [Theory, Trait("Spec", "RFC 1928")]
    [InlineData("example.org", "\u0003\u000bexample.org")]
    [InlineData("192.0.2.1", "\u0001\u00c0\0\u0002\u0001")]
    [InlineData("2001:db8::1", "\u0004\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001")]
    public async Task A_SOCKS_5_parent_is_given_names_as_names_and_addresses_as_addresses(string host, string asked)
    {
        using var parent = ScriptedParent.Says(("\u0005\u0001\0", "\u0005\0"), (asked + "\u0001\u00bb", "\u0005\0|\0\u0003\u0004name\0\u0001hello"));
        await using var stream = await Connect(Socks(parent.At), host);
        var hello = new byte[5];
        await stream!.ReadExactlyAsync(hello);
        Assert.Equal("hello", Encoding.ASCII.GetString(hello));
        Assert.Equal("\u0005\u0001\0" + asked + "\u0001\u00bb", parent.Heard[1]);
    }

    [Fact, Trait("Spec", "RFC 1929 §2")]
    public async Task It_is_told_name_and_password_where_it_asks_for_them()
    {
        using var parent = ScriptedParent.Says(("\u0005\u0002\0\u0002", "\u0005\u0002"), ("\u0001\u0004user\u0006secret", "\u0001\0"), ("\u0001\u00bb", "\u0005\0\0\u0001\0\0\0\0\0\0"));
        await using var stream = await Connect(Socks(parent.At) with { Credentials = new ParentCredentials("user", "secret") }, "example.org");
        Assert.Equal(3, parent.Heard.Count);
    }

    [Theory]
    [InlineData("\u0002", ConnectFault.ParentRefused)]
    [InlineData("\u0003", ConnectFault.Unreachable)]
    [InlineData("\u0004", ConnectFault.Unreachable)]
    [InlineData("\u0005", ConnectFault.ConnectionRefused)]
    [InlineData("\u0006", ConnectFault.ConnectTimedOut)]
    [InlineData("\u0001", ConnectFault.ParentsUnavailable)]
    [InlineData("\u0007", ConnectFault.ParentsUnavailable)]
    public async Task Its_reply_says_who_fails(string reply, ConnectFault fault)
    {
        using var parent = ScriptedParent.Says(("\u0005\u0001\0", "\u0005\0"), ("\u0001\u00bb", $"\u0005{reply}\0\u0001\0\0\0\0\0\0"));
        Assert.Equal(fault, (await Assert.ThrowsAsync<OriginConnectException>(() => Connect(Socks(parent.At), "example.org"))).Fault);
    }

    [Theory]
    [InlineData("\u0005\u00ff")]
    [InlineData("\u0005\u0002")]
    [InlineData("\u0004\0")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0005\0\u0005\0\0\u0009")]
    public async Task What_is_not_agreed_on_is_a_parent_that_fails(string answer)
    {
        using var parent = ScriptedParent.Says(("\u0005\u0001\0", answer));
        Assert.Equal(ConnectFault.ParentsUnavailable, (await Assert.ThrowsAsync<OriginConnectException>(() => Connect(Socks(parent.At), "example.org"))).Fault);
    }

    [Fact]
    public async Task A_parent_that_failed_twice_is_left_out_until_its_time_is_over_and_then_tried_by_one()
    {
        using var well = ScriptedParent.Says((EndOfHead, "HTTP/1.1 200 OK\r\n\r\n"));
        var connect = ConnectBy(Http(ScriptedParent.Gone(), well.At), out var road);
        for (var i = 0; i < 2; i++) await (await connect.To(road, "example.org", 443, null, null, Deadline()))!.DisposeAsync();
        Assert.True(road.All[0].IsOut);
        Assert.Equal([well.At.Port, road.All[0].At.Port], road.InOrder().Select(static parent => parent.At.Port));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(road.All[0], road.InOrder().First());
        Assert.Equal(road.All[1], road.InOrder().First());
    }

    [Fact]
    public async Task Where_none_can_be_used_the_destination_is_gone_to_directly_only_if_that_is_set()
    {
        var gone = ScriptedParent.Gone();
        Assert.Null(await Connect(Http(gone) with { FallsBack = true }, "example.org"));
        Assert.Equal(ConnectFault.ParentsUnavailable, (await Assert.ThrowsAsync<OriginConnectException>(() => Connect(Http(gone), "example.org"))).Fault);
    }

    [Fact]
    public void In_turns_each_is_first()
    {
        var road = new ParentRoad(Http(new DnsEndPoint("a", 1), new DnsEndPoint("b", 1)) with { InTurns = true }, _clock, NullLogger.Instance);
        Assert.Equal(2, Enumerable.Range(0, 4).Select(_ => road.InOrder().First().At.Host).GroupBy(static host => host).Count(static each => each.Count() == 2));
    }

    [Theory]
    [InlineData("Example.ORG.", "Example.ORG")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("a_b.example", "a_b.example")]
    public void Names_are_handed_on_as_everybody_can_read_them(string host, string expected) => Assert.Equal(expected, NamesForOthers.Of(host, DestinationPolicy.Default));

    [Theory, Trait("Promise", "P8")]
    [InlineData("localhost", ConnectFault.DestinationRefused)]
    [InlineData("LOCALHOST.", ConnectFault.DestinationRefused)]
    [InlineData("a.localhost", ConnectFault.DestinationRefused)]
    [InlineData("127.0.0.1.5", ConnectFault.NameNotResolved)]
    [InlineData("x.0x7f", ConnectFault.NameNotResolved)]
    [InlineData("", ConnectFault.NameNotResolved)]
    [InlineData("a b", ConnectFault.NameNotResolved)]
    [InlineData("a\r\nX: y", ConnectFault.NameNotResolved)]
    [InlineData("a:80", ConnectFault.NameNotResolved)]
    public void Names_that_may_mean_the_inside_or_nobody_are_not_handed_on(string host, ConnectFault fault) =>
        Assert.Equal(fault, Assert.Throws<OriginConnectException>(() => NamesForOthers.Of(host, DestinationPolicy.Default)).Fault);

    [Theory, Trait("Promise", "P8")]
    [InlineData("127.0.0.1.")]
    [InlineData("0x7f000001")]
    [InlineData("127.1.")]
    [InlineData("::1")]
    public void Addresses_are_known_in_every_spelling(string host) => Assert.True(IPAddress.IsLoopback(NamesForOthers.Literal(host)!));

    private static ParentGroup Http(params DnsEndPoint[] proxies) => new("group", static _ => true) { Proxies = [.. proxies] };

    private static ParentGroup Socks(params DnsEndPoint[] proxies) => Http(proxies) with { Protocol = ParentProtocol.Socks5 };

    private async Task<Stream?> Connect(ParentGroup group, string host, string? via = null) => await ConnectBy(group, out var road).To(road, host, 443, via, null, Deadline());

    private ParentConnect ConnectBy(ParentGroup group, out ParentRoad road)
    {
        var roads = new ParentRoads([group], _clock, NullLogger.Instance, null);
        road = roads.To("any")!;
        return new ParentConnect(roads, static (_, _) => throw new InvalidOperationException("A name was asked for."), new Dialer(static () => DialOptions.Default, Sockets.Connect, _clock, NullLogger.Instance), "us", NullLogger.Instance);
    }

    // By the fake clock: nothing here waits for it.
    private ConnectDeadline Deadline() => new(TimeSpan.FromSeconds(5), _clock, default);
}
