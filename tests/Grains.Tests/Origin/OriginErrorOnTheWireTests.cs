using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Tests.Origin;

/// <summary>What the real HTTP client throws when an origin misbehaves, read as an error.</summary>
public sealed class OriginErrorOnTheWireTests : IDisposable
{
    private readonly TcpListener _origin = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();

    public OriginErrorOnTheWireTests() => _origin.Start();

    private string Authority => _origin.LocalEndpoint.ToString()!;

    [Fact]
    public async Task Given_nobody_listens_then_connection_refused()
    {
        _origin.Stop();

        Assert.Equal(OriginFault.ConnectionRefused, (await ErrorOf(Asks($"http://{Authority}/"))).Fault);
    }

    [Theory]
    [InlineData("", OriginFault.ClosedBeforeHead)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-", OriginFault.ClosedBeforeHead)]
    [InlineData("not http at all\r\n\r\n", OriginFault.Malformed)]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", OriginFault.Malformed)]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", OriginFault.Malformed)]
    public async Task Given_an_origin_that_says_this_and_closes_then(string said, OriginFault fault)
    {
        var answering = Answers(said);

        Assert.Equal(fault, (await ErrorOf(Asks($"http://{Authority}/"))).Fault);
        await Over(answering);
    }

    [Fact]
    public async Task Given_a_head_over_the_limit_then_head_too_large()
    {
        var answering = Answers($"HTTP/1.1 200 OK\r\nX: {new string('x', 10_000)}\r\n\r\n");

        Assert.Equal(OriginFault.HeadTooLarge, (await ErrorOf(Asks($"http://{Authority}/"))).Fault);
        await Over(answering);
    }

    [Fact]
    public async Task Given_an_origin_that_resets_then_closed_before_head()
    {
        var answering = Answers("", reset: true);

        Assert.Equal(OriginFault.ClosedBeforeHead, (await ErrorOf(Asks($"http://{Authority}/"))).Fault);
        await Over(answering);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task Given_content_that_ends_early_then_incomplete(string said)
    {
        var answering = Answers(said);
        using var response = await Asks($"http://{Authority}/");

        var error = await ErrorOf(response.Content.ReadAsByteArrayAsync(), headReceived: true);

        Assert.Equal(OriginFault.ContentIncomplete, error.Fault);
        await Over(answering);
    }

    [Fact]
    public async Task Given_no_tls_where_tls_was_asked_for_then_tls_failed()
    {
        var answering = Answers("HTTP/1.1 400 Bad Request\r\n\r\n");

        Assert.Equal(OriginFault.TlsFailed, (await ErrorOf(Asks($"https://{Authority}/"))).Fault);
        await Over(answering);
    }

    [Fact]
    public async Task Given_a_close_in_the_tls_handshake_then_tls_failed()
    {
        var answering = Answers("");

        Assert.Equal(OriginFault.TlsFailed, (await ErrorOf(Asks($"https://{Authority}/"))).Fault);
        await Over(answering);
    }

    [Fact]
    public async Task Given_a_certificate_nobody_vouches_for_then_certificate_refused()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=origin.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var answering = Secures(certificate);

        Assert.Equal(OriginFault.CertificateRefused, (await ErrorOf(Asks($"https://{Authority}/"))).Fault);
        await Over(answering);
    }

    [Fact]
    public async Task Given_a_tls_handshake_that_is_never_answered_then_connect_timed_out()
    {
        Assert.Equal(OriginFault.ConnectTimedOut, (await ErrorOf(Asks($"https://{Authority}/", TimeSpan.FromMilliseconds(50)))).Fault);
    }

    public void Dispose()
    {
        _origin.Dispose();
        _over.Dispose();
    }

    private async Task Over(Task answering)
    {
        await _over.CancelAsync();
        await answering;
    }

    private static async Task<OriginError> ErrorOf(Task<HttpResponseMessage> asking) => await ErrorOf((Task)asking, headReceived: false);

    private static async Task<OriginError> ErrorOf(Task task, bool headReceived) =>
        OriginError.From(await Assert.ThrowsAnyAsync<Exception>(() => task), headReceived: headReceived);

    private static async Task<HttpResponseMessage> Asks(string url, TimeSpan? connectTimeout = null)
    {
        var connect = GuardedConnect.ToConfiguredOrigins(() => TimeSpan.FromMinutes(1), TimeProvider.System);
        using var handler = new SocketsHttpHandler { ConnectCallback = connect.ConnectAsync, MaxResponseHeadersLength = 4 };
        if (connectTimeout is { } timeout) handler.ConnectTimeout = timeout;
        using var client = new HttpMessageInvoker(handler, disposeHandler: false);
        return await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, url), default);
    }

    // Every connection gets the same answer: the client tries again by itself where a connection closes without a byte.
    private async Task Answers(string said, bool reset = false)
    {
        try
        {
            while (true)
            {
                using var socket = await _origin.AcceptSocketAsync(_over.Token);
                await Answer(socket, said, reset);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task Answer(Socket socket, string said, bool reset)
    {
        await socket.ReceiveAsync(new byte[4096], _over.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(said), _over.Token);
        if (reset) socket.LingerState = new LingerOption(true, 0);
        else socket.Shutdown(SocketShutdown.Send);
    }

    private async Task Secures(X509Certificate2 certificate)
    {
        using var socket = await _origin.AcceptSocketAsync(_over.Token);
        await using var tls = new SslStream(new NetworkStream(socket));
        var options = new SslServerAuthenticationOptions { ServerCertificate = certificate };
        // The client leaves in the middle: how that shows here depends on who is faster.
        await tls.AuthenticateAsServerAsync(options, _over.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
    }
}
