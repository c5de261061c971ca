using System.Net.Security;
using System.Text;
using Granary.Edge.Tests.Layer4;
using Granary.Edge.Tests.Tls;
using Granary.Edge.Tests.Tunnels;
using Granary.Language;

namespace Granary.Edge.Tests.Users;

/// <summary>The way to the proxy itself is encrypted: <c>curl -x https://…</c>, and "HTTPS proxy" of browsers.</summary>
public sealed class SecureProxyTests(SecureProxyTests.Scene scene) : IClassFixture<SecureProxyTests.Scene>
{
    private const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";

    public sealed class Scene : IAsyncLifetime, IDisposable
    {
        internal KnownUsers Users { get; } = new();

        internal Issuer Issuer { get; } = new();

        internal Issuer Clients { get; } = new("authority of clients");

        internal TunnelProxy Proxy { get; private set; } = null!;

        public async Task InitializeAsync() => Proxy = await Users.Tunnels(
        [
            .. Issuer.Switches((Issuer.ForServer("proxy.example.com"), null)), "--Granary:Tls:ClientCertificates", "Optional", "--Granary:Tls:ClientAuthority", Clients.RootFile, "--Granary:Users:Certificates", "CommonName",
        ]);

        public async Task DisposeAsync() => await Proxy.DisposeAsync();

        public void Dispose()
        {
            Users.Dispose();
            Issuer.Dispose();
            Clients.Dispose();
        }
    }

    private TunnelProxy Proxy => scene.Proxy;

    [Fact]
    public async Task Absolute_form_is_asked_and_answered_on_one_connection()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        await using var tls = await ShakesHands();
        await Says(tls, $"GET {origin.Url}/page HTTP/1.1\r\nHost: {origin.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 407 ", await HearsResponse(tls), StringComparison.Ordinal);
        await Says(tls, $"GET {origin.Url}/page HTTP/1.1\r\nHost: {origin.Authority}\r\n{KnownUsers.Says("alice", "secret")}\r\n\r\n");
        var answer = await HearsResponse(tls);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Strict-Transport-Security", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task CONNECT_is_asked_and_answered_on_one_connection_and_either_half_may_end_first()
    {
        await using var tls = await ShakesHands();
        await Says(tls, $"CONNECT {Proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 407 ", await HearsResponse(tls), StringComparison.Ordinal);
        await Says(tls, $"CONNECT {Proxy.Backend} HTTP/1.1\r\nHost: x\r\n{KnownUsers.Says("alice", "secret")}\r\n\r\nearly");
        using var server = await Proxy.Backend.Accepts();
        await server.Hears("early");
        await server.Says("answer");
        Assert.Equal(Established + "answer", await Hears(tls, Established.Length + 6));
        await tls.ShutdownAsync();
        await server.HearsTheEnd();
        await server.Says("last");
        Assert.Equal("last", await Hears(tls, 4));
    }

    [Fact]
    public async Task What_has_come_behind_the_head_of_an_unknown_client_is_no_request()
    {
        await using var tls = await ShakesHands();
        await Says(tls, $"CONNECT {Proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\nGET http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Contains("\r\nConnection: close\r\n", await HearsResponse(tls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SOCKS_within_TLS_takes_name_and_password()
    {
        await using var tls = await ShakesHands();
        await Says(tls, $"\u0005\u0001\u0002\u0001\u0005alice\u0006secret\u0005\u0001\0\u0001\u007f\0\0\u0001{Encoding.Latin1.GetString([(byte)(Proxy.Backend.Address.Port >> 8), (byte)Proxy.Backend.Address.Port])}early");
        using var server = await Proxy.Backend.Accepts();
        await server.Hears("early");
        Assert.Equal("\u0005\u0002\u0001\0\u0005\0\0\u0001\0\0\0\0\0\0", await Hears(tls, 14));
    }

    [Fact]
    public async Task CONNECT_over_HTTP_2_by_ALPN_is_asked_and_is_a_tunnel()
    {
        await using var tls = await ShakesHands(alpn: SslApplicationProtocol.Http2);
        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
        using var client = await Http2Wire.Over(tls);
        await client.Asks(1, (":method", "CONNECT"), (":authority", $"{Proxy.Backend}"));
        Assert.Contains("407", await client.HearsHead(1), StringComparison.Ordinal);
        await client.Asks(3, (":method", "CONNECT"), (":authority", $"{Proxy.Backend}"), ("proxy-authorization", KnownUsers.Says("alice", "secret").Split(": ")[1]));
        Assert.Equal("\u0088", (await client.HearsHead(3))[..1]);
        using var server = await Proxy.Backend.Accepts();
    }

    [Fact]
    public async Task A_certificate_says_who_it_is_by_every_way()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        using var alice = scene.Clients.ForClient("CN=alice, OU=staff, O=Example").Load();
        await using var tls = await ShakesHands(alice);
        await Says(tls, $"GET {origin.Url}/page HTTP/1.1\r\nHost: {origin.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await HearsResponse(tls), StringComparison.Ordinal);
        await Says(tls, $"GET {origin.Url}/page HTTP/1.1\r\nHost: {origin.Authority}\r\n{KnownUsers.Says("alice", "wrong")}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 407 ", await HearsResponse(tls), StringComparison.Ordinal); // what is said has to be right
        foreach (var ask in (string[])[$"CONNECT {Proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n", $"\u0005\u0001\0\u0005\u0001\0\u0001{Here()}", $"\u0004\u0001{Here()[4..]}\u007f\0\0\u0001\0"])
        {
            await using var tunnel = await ShakesHands(alice);
            await Says(tunnel, ask);
            using var server = await Proxy.Backend.Accepts();
        }
    }

    [Theory]
    [InlineData("O=Example")]
    [InlineData("CN=ali\nce")]
    public async Task A_certificate_without_a_name_that_can_be_one_is_nobodys(string subject)
    {
        using var nobody = scene.Clients.ForClient(subject).Load();
        await using var tls = await ShakesHands(nobody);
        await Says(tls, $"CONNECT {Proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 407 ", await HearsResponse(tls), StringComparison.Ordinal);
    }

    private string Here() => $"\u007f\0\0\u0001{Encoding.Latin1.GetString([(byte)(Proxy.Backend.Address.Port >> 8), (byte)Proxy.Backend.Address.Port])}";

    private Task<SslStream> ShakesHands(System.Security.Cryptography.X509Certificates.X509Certificate2? shows = null, SslApplicationProtocol? alpn = null) =>
        Proxy.Process.ShakesHands("proxy.example.com", shows, alpn: alpn is { } one ? [one] : []);

    private static async Task Says(SslStream tls, string text) => await tls.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().Within();

    private static async Task<string> Hears(SslStream tls, int length)
    {
        var heard = new byte[length];
        await tls.ReadExactlyAsync(heard).AsTask().Within();
        return Encoding.Latin1.GetString(heard);
    }

    private static async Task<string> HearsResponse(SslStream tls)
    {
        var head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal)) head += await Hears(tls, 1);
        var length = head.Split("\r\n").First(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
        return head + await Hears(tls, int.Parse(length, System.Globalization.CultureInfo.InvariantCulture));
    }
}
