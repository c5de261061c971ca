using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Tests.Listening;

public sealed class StrictHttp1OverTlsTests : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = SelfSigned();
    private GuardedServer _server = null!;

    public async Task InitializeAsync() => _server = await GuardedServer.Start(HttpProtocols.Http1AndHttp2, tls: _certificate);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    [Theory, InlineData("1.1"), InlineData("2.0"), Trait("Spec", "RFC 9113 §3.2"), Trait("Kind", "required")]
    public async Task Given_a_version_chosen_by_alpn_when_asked_then_the_guard_lets_it_work(string version)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = IsOurs } };
        using var client = new HttpClient(handler) { DefaultRequestVersion = new Version(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var i = 0; i < 3; i++)
        {
            using var answer = await client.PostAsync(new Uri($"https://{_server.Address}/x"), new StringContent(new string('x', 100_000)));
            Assert.Equal((new Version(version), 100_005), (answer.Version, (await answer.Content.ReadAsStringAsync()).Length));
        }
    }

    [Theory, InlineData(1), InlineData(7), InlineData(10_000), Trait("Spec", "RFC 9112 §11.2"), Trait("Kind", "required")]
    public async Task Given_tls_records_of_any_size_when_a_bad_head_follows_a_good_request_then_it_is_refused(int record)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(_server.Address);
        await using var tls = new SslStream(client.GetStream(), false, IsOurs);
        await tls.AuthenticateAsClientAsync("a");
        var sent = Encoding.ASCII.GetBytes("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /hint HTTP/1.1\r\nHost: a\r\n\r\nGET /bad HTTP/1.1\r\nHost: a\nX: y\r\n\r\n");
        foreach (var part in sent.Chunk(record)) await tls.WriteAsync(part);
        using var reader = new StreamReader(tls);
        var answers = (await reader.ReadToEndAsync()).Split("HTTP/1.1 ")[1..].Select(answer => answer[..3]);
        Assert.Equal(["200", "103", "102", "200", "400"], answers);
    }

    private bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.GetCertHashString() == _certificate.GetCertHashString();

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
