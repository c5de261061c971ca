using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Granary.Language;

namespace Granary.Edge.Tests.Tls;

/// <summary>Handshakes of an edge, and what is said in them.</summary>
public sealed class ListenerTests : IAsyncLifetime, IDisposable
{
    private readonly Issuer _issuer = new();
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/page", 200, ["Cache-Control: max-age=60"], "page");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    public void Dispose() => _issuer.Dispose();

    [Theory, InlineData("1.1"), InlineData("2.0"), Trait("Spec", "RFC 7301 §3.2"), Trait("Kind", "required")]
    public async Task An_https_listener_serves_and_stores_by_either_version(string version)
    {
        await using var process = await OneProcess.Starts(_origin, _issuer.Switches((_issuer.ByIntermediate("www.example.com"), null)));
        using var client = process.SecureClient(_issuer, version: new Version(version));
        foreach (var hit in (bool[])[false, true])
        {
            using var answer = await client.GetAsync(new Uri("/page", UriKind.Relative)).Within();
            Assert.Equal(("page", new Version(version)), (await answer.Content.ReadAsStringAsync(), answer.Version));
            Assert.Equal(hit, answer.Headers.GetValues("Cache-Status").Single().Contains("hit", StringComparison.Ordinal));
        }

        Assert.Contains("X-Forwarded-Proto: https", string.Join('\n', _origin.Requests("/page")[0].Fields.Select(static line => $"{line.Name}: {line.Value}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_clients_offer_by_ALPN_is_chosen_from()
    {
        await using var process = await OneProcess.Starts(_origin, _issuer.Switches((_issuer.ForServer("a.example"), null)));
        foreach (var (offered, chosen) in ((SslApplicationProtocol[], SslApplicationProtocol)[])
            [([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], SslApplicationProtocol.Http2), ([SslApplicationProtocol.Http11], SslApplicationProtocol.Http11), ([], default)])
        {
            await using var tls = await process.ShakesHands("a.example", alpn: offered);
            Assert.Equal(chosen, tls.NegotiatedApplicationProtocol);
        }
    }

    [Fact]
    public async Task The_name_that_is_asked_for_chooses_the_certificate()
    {
        var (one, two, below) = (_issuer.ForServer("one.example"), _issuer.ForServer("two.example"), _issuer.ForServer("*.three.example"));
        await using var process = await OneProcess.Starts(_origin, _issuer.Switches((one, null), (two, "two.example;*.two.example"), (below, null)));
        foreach (var (name, expected) in ((string, Issued)[])
            [("one.example", one), ("two.example", two), ("a.two.example", two), ("a.three.example", below), ("a.b.three.example", one), ("three.example", one), ("who.example", one)])
        {
            await using var tls = await process.ShakesHands(name);
            Assert.True(expected.Thumbprint == tls.Thumbprint(), name);
        }
    }

    [Fact]
    public async Task A_name_that_no_certificate_has_is_refused_where_the_settings_say_so()
    {
        await using var process = await OneProcess.Starts(_origin, [.. _issuer.Switches((_issuer.ForServer("one.example"), null)), "--Granary:Tls:UnknownHosts", "Refuse"]);
        await using (await process.ShakesHands("one.example"))
        {
        }

        await Assert.ThrowsAnyAsync<Exception>(() => process.ShakesHands("two.example"));
        await Assert.ThrowsAnyAsync<Exception>(() => process.ShakesHands("127.0.0.1"));
    }

    [Fact]
    public async Task An_older_version_than_the_least_is_refused()
    {
        await using var process = await OneProcess.Starts(_origin, [.. _issuer.Switches((_issuer.ForServer("one.example"), null)), "--Granary:Tls:MinVersion", "Tls13"]);
        await using (var tls = await process.ShakesHands("one.example")) Assert.Equal(SslProtocols.Tls13, tls.SslProtocol);
        await Assert.ThrowsAnyAsync<Exception>(() => process.ShakesHands("one.example", protocols: SslProtocols.Tls12));
    }

    [Fact]
    public async Task Both_versions_are_spoken_by_default()
    {
        await using var process = await OneProcess.Starts(_origin, _issuer.Switches((_issuer.ForServer("one.example"), null)));
        foreach (var version in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
        {
            await using var tls = await process.ShakesHands("one.example", protocols: version);
            Assert.Equal(version, tls.SslProtocol);
        }
    }

    [Fact]
    public async Task Who_does_not_shake_hands_in_time_is_closed()
    {
        await using var process = await OneProcess.Starts(_origin, [.. _issuer.Switches((_issuer.ForServer("one.example"), null)), "--Granary:Tls:HandshakeTimeout", "100ms"]);
        using var client = new TcpClient();
        await client.ConnectAsync(process.SecureEndPoint()).Within();
        await IsClosed(client.GetStream());
    }

    [Fact]
    public async Task More_handshakes_than_allowed_are_closed_and_those_that_have_ended_do_not_count()
    {
        await using var process = await OneProcess.Starts(_origin, [.. _issuer.Switches((_issuer.ForServer("one.example"), null)), "--Granary:Tls:MaxHandshakes", "1", "--Granary:Tls:HandshakeTimeout", "5m"]);
        await using var served = await process.ShakesHands("one.example");
        await served.WriteAsync("GET /page HTTP/1.1\r\nHost: one.example\r\n\r\n"u8.ToArray());
        Assert.True(await served.ReadAsync(new byte[1]) > 0); // the listener has come behind its handshake

        using var first = new TcpClient();
        await first.ConnectAsync(process.SecureEndPoint()).Within();
        await process.HasClients(2, 2);
        using var second = new TcpClient();
        await second.ConnectAsync(process.SecureEndPoint()).Within();
        await IsClosed(second.GetStream());

        first.Close();
        await process.HasClients(1, 3);
        await using var third = await process.ShakesHands("one.example");
        Assert.True(third.IsAuthenticated);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: one.example\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fcxxxxxxxxxxxxxxx")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005\u0001\u00ff\u00ff\u00ff\u00ff")]
    public async Task What_is_no_handshake_is_closed_and_the_next_client_is_served(string said)
    {
        await using var process = await OneProcess.Starts(_origin, [.. _issuer.Switches((_issuer.ForServer("one.example"), null)), "--Granary:Tls:MaxHandshakes", "1"]);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(process.SecureEndPoint()).Within();
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(said));
            client.Client.Shutdown(SocketShutdown.Send);
            await IsClosed(stream);
        }

        await process.HasClients(0, 1);
        await using var tls = await process.ShakesHands("one.example");
        Assert.True(tls.IsAuthenticated);
    }

    [Fact]
    public async Task Without_libmsquic_HTTP3_is_off_and_said_once()
    {
        var logs = Logs.Begin();
        await using var process = await OneProcess.Starts(_origin, [.. _issuer.Switches((_issuer.ForServer("www.example.com"), null)), "--Granary:Tls:Http3", "true"], logs);
        using var client = process.SecureClient(_issuer, version: HttpVersion.Version20);
        using var answer = await client.GetAsync(new Uri("/page", UriKind.Relative)).Within();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Edge.Listening.Tls.Http3.IsSupported, answer.Headers.Contains("Alt-Svc"));
        Assert.Equal(Edge.Listening.Tls.Http3.IsSupported ? 0 : 1, logs.Lines.Count(static line => line.Event == "Http3Off"));
    }

    private static async Task IsClosed(NetworkStream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[1024]).AsTask().Within() > 0)
            {
                // an alert, perhaps
            }
        }
        catch (IOException)
        {
            // reset: closed as well
        }
    }
}
