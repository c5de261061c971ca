using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Granary.Language;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Tls;

/// <summary>Clients of a listener with TLS.</summary>
internal static class TlsEdge
{
    public static IPEndPoint SecureEndPoint(this OneProcess process) => new(IPAddress.Loopback, process.SecureUrl().Port);

    public static Uri SecureUrl(this OneProcess process) =>
        new(process.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(static address => address.StartsWith("https://127", StringComparison.Ordinal)));

    /// <summary>Shakes hands; what is asked for stands in the options.</summary>
    public static async Task<SslStream> ShakesHands(this OneProcess process, string name, X509Certificate2? shows = null, SslProtocols protocols = SslProtocols.None, params SslApplicationProtocol[] alpn)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(process.SecureEndPoint()).Within();
        var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = name,
                EnabledSslProtocols = protocols,
                ApplicationProtocols = alpn.Length == 0 ? null : [.. alpn],
                ClientCertificates = shows is null ? null : [shows],
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null, // whose it is, tests look at themselves
            }).Within();
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public static string Thumbprint(this SslStream tls) => ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;

    /// <summary>A client of https that trusts that authority alone, and comes by that name.</summary>
    public static HttpClient SecureClient(this OneProcess process, Issuer trusts, string name = "www.example.com", Version? version = null, X509Certificate2? shows = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(process.SecureEndPoint(), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(trusts.Root);
        handler.SslOptions.CertificateChainPolicy = policy;
        if (shows is not null) handler.SslOptions.ClientCertificates = [shows];
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://{name}:{process.SecureUrl().Port}"),
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}
