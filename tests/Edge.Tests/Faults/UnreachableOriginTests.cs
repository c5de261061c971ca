using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>Origins that cannot be connected to: each cause has its own word, stage and status.</summary>
[Trait("Fault", "30")]
public sealed class UnreachableOriginTests
{
    [Fact]
    public async Task A_refused_connection_is_502()
    {
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); // bound, not listening: the port is nobody else's
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await Fails($"http://{nobody.LocalEndPoint}", 502, "connect", "connection_refused");
        await Fails($"http://[::ffff:127.0.0.1]:{((IPEndPoint)nobody.LocalEndPoint!).Port}", 502, "connect", "connection_refused");
    }

    [Fact]
    public Task A_name_without_address_is_502() => Fails("http://nobody.invalid", 502, "resolve", "dns_error");

    [Fact]
    public async Task A_connection_that_nobody_accepts_is_504_when_its_time_is_over()
    {
        using var full = new FullListener();
        await using var process = await OneProcess.Starts(null, ["--origin", full.Url]);
        using var client = process.Client();
        var asking = new[] { client.Asks("/a"), client.Sends("POST", "/b", [], "x") };
        foreach (var one in asking) await process.Clock.PassesUntil(one.Ends, Limits.Connect);
        foreach (var one in asking) await one.Fails(504, "connect", "connection_timeout");
    }

    [Fact]
    public async Task An_origin_that_does_not_speak_TLS_is_502()
    {
        await using var plain = Origin.Starts();
        await Fails(plain.Url.Replace("http:", "https:", StringComparison.Ordinal), 502, "tls", "tls_protocol_error");
    }

    [Fact]
    public async Task A_certificate_that_nobody_signed_is_502()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Serve(listener);
        await Fails($"https://{listener.LocalEndpoint}", 502, "tls", "tls_certificate_error");
        listener.Stop();
        await serving;
    }

    [Fact]
    public async Task While_the_origin_is_away_what_may_be_served_stale_is_served()
    {
        var origin = Origin.Starts();
        await using var process = await OneProcess.Starts(origin);
        using var client = process.Client();
        origin.Answers("/feed", 200, ["Cache-Control: max-age=10, stale-if-error=600"], "old");
        await client.Asks("/feed").Gets(200, "old", Outcome.Stored);
        await origin.DisposeAsync();
        process.Clock.Passes(20.Seconds());
        await client.Asks("/feed").Gets(200, "old", Outcome.Stale);
        await client.Asks("/other").Gets(502);
    }

    private static async Task Fails(string origin, int status, string stage, string error)
    {
        await using var process = await OneProcess.Starts(null, ["--origin", origin]);
        using var client = process.Client();
        for (var i = 0; i < 2; i++) (await client.Asks("/a").Fails(status, stage, error)).Was(Outcome.UriMiss);
        (await client.Sends("POST", "/a", [], "x").Fails(status, stage, error)).Was(Outcome.Method);
    }

    private static async Task Serve(TcpListener listener)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(Clock.Start.AddYears(-1), Clock.Start.AddYears(50));
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync();
                await using var tls = new SslStream(new NetworkStream(socket));
                try
                {
                    await tls.AuthenticateAsServerAsync(certificate);
                    _ = await tls.ReadAsync(new byte[1]);
                }
                catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // turned down
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // stopped
        }
    }

    /// <summary>Listens, accepts nothing and has no room for more: who connects waits.</summary>
    private sealed class FullListener : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _fillers = [];

        public FullListener()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            for (var i = 0; i < 8; i++)
            {
                var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _fillers.Add(filler);
                try
                {
                    filler.Connect(_listener.LocalEndPoint!);
                }
                catch (SocketException)
                {
                    // under way, and will stay so
                }
            }
        }

        public string Url => $"http://{_listener.LocalEndPoint}";

        public void Dispose()
        {
            foreach (var filler in _fillers) filler.Dispose();
            _listener.Dispose();
        }
    }
}
