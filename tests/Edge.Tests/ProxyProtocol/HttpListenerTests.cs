using System.Net.Sockets;
using System.Text;
using Granary.Language;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.ProxyProtocol;

/// <summary>HTTP listeners behind a balancer that tells them the client.</summary>
[Trait("Spec", "The PROXY protocol, §2"), Trait("Kind", "required")]
public sealed class HttpListenerTests : IAsyncLifetime
{
    private const string V2 = "\r\n\r\n\0\r\nQUIT\n";

    private static readonly string[] Behind = ["--Granary:Client:ProxyProtocol", "Required", "--Granary:Client:TrustedFrom", "127.0.0.0/8"];

    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/x", 200, ["Cache-Control: no-store"], "ok");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Theory]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 51000 80\r\n", "203.0.113.7")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 51000 80\r\n", "2001:db8::7")]
    [InlineData(V2 + "\u0021\u0011\0\u000c\u00cb\0\u0071\u0007\u00c0\0\u0002\u0001\0\u0050\0\u0050", "203.0.113.7")]
    [InlineData(V2 + "\u0020\0\0\0", "127.0.0.1")]
    public async Task The_origin_is_told_the_client_that_the_header_names_whichever_request_it_is(string header, string client)
    {
        await using var process = await OneProcess.Starts(_origin, Behind);
        using var raw = await RawClient.Connects(process.Url);
        await raw.Sends(header + Get("a"));
        Assert.StartsWith("HTTP/1.1 200", (await raw.ReadsResponse()).Head, StringComparison.Ordinal);
        _origin.WasAsked("/x", $"X-Forwarded-For: {client}");
        await raw.Sends(Get("a"));
        await raw.ReadsResponse();
        _origin.WasAsked("/x", $"X-Forwarded-For: {client}");
    }

    [Fact]
    public async Task A_client_that_is_not_known_is_nobody()
    {
        await using var process = await OneProcess.Starts(_origin, Behind);
        using var raw = await RawClient.Connects(process.Url);
        await raw.Sends("PROXY UNKNOWN\r\n" + Get("a"));
        Assert.StartsWith("HTTP/1.1 200", (await raw.ReadsResponse()).Head, StringComparison.Ordinal);
        _origin.WasAskedWithout("/x", "X-Forwarded-For");
    }

    [Theory, Trait("Promise", "P8")]
    [InlineData("PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n", "HTTP/1.1 200")]
    [InlineData("PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\n", "HTTP/1.1 403")]
    [InlineData("PROXY UNKNOWN\r\n", "HTTP/1.1 403")]
    public async Task Access_rules_judge_the_client_that_the_header_names(string header, string status)
    {
        await using var process = await OneProcess.Starts(null, [.. Behind, "--allow-destination", "127.0.0.0/8"]);
        using var raw = await RawClient.Connects(process.Url);
        await raw.Sends($"{header}GET {_origin.Url}/x HTTP/1.1\r\nHost: {_origin.Authority}\r\n\r\n");
        Assert.StartsWith(status, (await raw.ReadsResponse()).Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 51000\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 51000 80\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(V2 + "\u0031\u0011\0\0GET /x HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task Without_a_valid_header_the_connection_is_closed_and_nothing_is_answered(string said)
    {
        await using var process = await OneProcess.Starts(_origin, Behind);
        using var raw = await RawClient.Connects(process.Url);
        await raw.Sends(said);
        Assert.Equal("", await raw.ReadsToEnd());
        await process.HasClients(0, soFar: 1);
        _origin.WasNotAsked("/x");
    }

    [Fact]
    public async Task A_second_header_is_no_request()
    {
        await using var process = await OneProcess.Starts(_origin, Behind);
        using var raw = await RawClient.Connects(process.Url);
        await raw.Sends("PROXY TCP4 203.0.113.7 192.0.2.1 1 2\r\nPROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n" + Get("a"));
        Assert.StartsWith("HTTP/1.1 400", (await raw.ReadsResponse()).Head, StringComparison.Ordinal);
        _origin.WasNotAsked("/x");
    }

    [Fact]
    public async Task Who_is_not_trusted_is_closed_with_or_without_a_header()
    {
        await using var process = await OneProcess.Starts(_origin, ["--Granary:Client:ProxyProtocol", "Required", "--Granary:Client:TrustedFrom", "192.0.2.0/24"]);
        foreach (var header in (string[])["", "PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n"])
        {
            using var raw = await RawClient.Connects(process.Url);
            await raw.Sends(header + Get("a"));
            Assert.Equal("", await raw.ReadsToEnd());
        }

        _origin.WasNotAsked("/x");
    }

    [Fact]
    public async Task A_header_that_does_not_come_is_waited_for_as_long_as_for_the_head_of_a_request()
    {
        await using var process = await OneProcess.Starts(_origin, [.. Behind, "--Granary:Client:HeadTimeout", "7s"]);
        using var raw = await RawClient.Connects(process.Url);
        await raw.Sends("PROXY TCP4 ");
        await process.Clock.Holds(7.Seconds(), 1);
        process.Clock.Passes(7.Seconds());
        Assert.Equal("", await raw.ReadsToEnd());
    }

    [Fact]
    public async Task The_header_stands_before_TLS_and_before_HTTP_2_with_prior_knowledge()
    {
        using var authority = Authority.Begins();
        var files = authority.Switches("edge");
        await using var process = await OneProcess.Starts(_origin,
            [.. Behind, "--listen", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", files[1], "--Kestrel:Certificates:Default:KeyPath", files[3]]);
        var secured = process.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(a => a.StartsWith("https", StringComparison.Ordinal));
        foreach (var (address, client) in ((Uri, string)[])[(new Uri(secured), "203.0.113.7"), (process.Url, "203.0.113.8")])
        {
            using var handler = new SocketsHttpHandler { ConnectCallback = async (_, _) => await Begin(address, client) };
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, seen, _, _) => seen!.Issuer == "CN=authority of a test";
            using var http = new HttpClient(handler) { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
            Assert.Equal("ok", await http.GetStringAsync(new Uri(address, "/x")).Within());
            _origin.WasAsked("/x", $"X-Forwarded-For: {client}");
        }
    }

    private static async Task<Stream> Begin(Uri address, string client)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PROXY TCP4 {client} 192.0.2.1 51000 443\r\n"));
        return stream;
    }

    private static string Get(string host) => $"GET /x HTTP/1.1\r\nHost: {host}\r\n\r\n";
}
