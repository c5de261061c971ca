using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Edge.Layer4.Hello;
using Granary.Language;

namespace Granary.Edge.Tests.Layer4;

[Trait("Spec", "RFC 6066 §3"), Trait("Kind", "required")]
public sealed class PassthroughTests
{
    [Fact]
    public async Task Each_name_leads_to_its_server_and_the_client_sees_that_server_s_certificate()
    {
        using var git = Backend.Listens();
        using var rest = Backend.Listens();
        await using var proxy = await TcpProxy.Starts("Sni:0:Host git.example.com", $"Sni:0:To {git}", "Sni:1:Host *.example.com", $"Sni:1:To {rest}");
        foreach (var (name, backend) in ((string, Backend)[])[("git.example.com", git), ("www.example.com", rest), ("a.b.example.com", rest)])
        {
            using var certificate = Certificate(name);
            using var client = new SslStream((await proxy.Client()).Stream, false, (_, seen, _, _) => seen!.GetCertHashString() == certificate.GetCertHashString());
            var greeting = client.AuthenticateAsClientAsync(name);
            using var server = new SslStream((await backend.Accepts()).Stream);
            await server.AuthenticateAsServerAsync(certificate).Within();
            await greeting.Within();
            await client.WriteAsync("question"u8.ToArray());
            var heard = new byte[8];
            await server.ReadExactlyAsync(heard).AsTask().Within();
            await server.WriteAsync(heard);
            await client.ReadExactlyAsync(heard).AsTask().Within();
            Assert.Equal("question"u8.ToArray(), heard);
            await client.ShutdownAsync();
        }
    }

    [Fact]
    public async Task Names_that_lead_nowhere_are_refused()
    {
        using var backend = Backend.Refuses();
        await using var proxy = await TcpProxy.Starts("Sni:0:Host git.example.com", $"Sni:0:To {backend}");
        using var client = new SslStream((await proxy.Client()).Stream);
        await Assert.ThrowsAnyAsync<IOException>(() => client.AuthenticateAsClientAsync("www.example.com").Within());
        await Refused(proxy, "UnknownServerName");
    }

    [Fact]
    public async Task Clients_that_name_no_server_are_refused()
    {
        using var backend = Backend.Refuses();
        await using var proxy = await TcpProxy.Starts("Sni:0:Host *", $"Sni:0:To {backend}");
        using var client = new SslStream((await proxy.Client()).Stream);
        await Assert.ThrowsAnyAsync<IOException>(() => client.AuthenticateAsClientAsync("").Within());
        await Refused(proxy, $"ClientHello {HelloFault.NoName}");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", HelloFault.NotTls)]
    [InlineData("\u0016\u0003\u0001\0\u0004\u0001\u0001\0\0", HelloFault.TooLong)]
    public async Task What_is_no_TLS_is_refused(string said, HelloFault why)
    {
        using var backend = Backend.Refuses();
        await using var proxy = await TcpProxy.Starts("Sni:0:Host *", $"Sni:0:To {backend}");
        var client = await proxy.Client();
        await client.Says(said);
        await client.HearsAReset();
        await Refused(proxy, $"ClientHello {why}");
    }

    [Fact]
    public async Task Half_a_ClientHello_is_waited_for_as_long_as_the_head_time_out_and_not_beyond_the_end()
    {
        using var backend = Backend.Refuses();
        await using var proxy = await TcpProxy.Starts("Sni:0:Host *", $"Sni:0:To {backend}", "HeadTimeout 7s");
        var silent = await proxy.Client();
        await silent.Says("\u0016\u0003");
        await proxy.Clock.Holds(7.Seconds(), 1);
        proxy.Clock.Passes(7.Seconds());
        await silent.HearsAReset();
        await Refused(proxy, $"ClientHello {HelloFault.TimedOut}");
        var leaving = await proxy.Client();
        await leaving.Says("\u0016\u0003");
        leaving.Ends();
        await leaving.HearsAReset();
        await Refused(proxy, $"ClientHello {HelloFault.Incomplete}");
    }

    [Fact]
    public async Task The_name_is_looked_for_behind_a_PROXY_header()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts("Sni:0:Host git.example.com", $"Sni:0:To {backend}", "ProxyProtocolIn Required", "TrustedFrom 127.0.0.1", "ProxyProtocolOut V1");
        var client = await proxy.Client();
        await client.Says("PROXY TCP4 203.0.113.7 192.0.2.1 80 443\r\n");
        using var tls = new SslStream(client.Stream);
        var greeting = tls.AuthenticateAsClientAsync("git.example.com");
        var handed = await backend.Accepts();
        await handed.Hears("PROXY TCP4 203.0.113.7 192.0.2.1 80 443\r\n\u0016\u0003");
        handed.Resets();
        await Assert.ThrowsAnyAsync<IOException>(() => greeting);
    }

    private static async Task Refused(TcpProxy proxy, string why)
    {
        await proxy.IsQuiet();
        Assert.Contains(proxy.Log.Lines, line => line.Event == "ConnectionRefused" && line.Text.TrimEnd().EndsWith(why, StringComparison.Ordinal));
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
