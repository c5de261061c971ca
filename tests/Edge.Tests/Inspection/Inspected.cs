using System.Net;
using System.Net.Security;
using System.Text;
using Granary.Edge.Tests.Layer4;
using Granary.Edge.Tests.Tls;
using Granary.Edge.Tests.Users;
using Granary.Language;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Granary.Edge.Tests.Inspection;

/// <summary>A forward proxy that inspects tunnels to localhost, and sites behind it.</summary>
public sealed class Inspected : IAsyncLifetime, IDisposable
{
    private readonly Issuer _sites = new("authority of sites");

    internal Organisation Organisation { get; } = new();

    internal Issuer Strangers { get; } = new("authority of strangers");

    internal KnownUsers Users { get; } = new();

    internal Logs Logs { get; } = Logs.Begin();

    internal OneProcess Process { get; private set; } = null!;

    internal SecureOrigin Site { get; private set; } = null!;

    /// <summary>Its tunnels are left as they are.</summary>
    internal SecureOrigin Bank { get; private set; } = null!;

    /// <summary>Nobody has vouched for it.</summary>
    internal SecureOrigin Impostor { get; private set; } = null!;

    internal Backend Backend { get; } = Backend.Listens();

    internal string BanksThumbprint { get; private set; } = "";

    internal string AccessLog => Path.Combine(Path.GetDirectoryName(Organisation.Certificate)!, "access");

    public async Task InitializeAsync()
    {
        RequestDelegate answer = new WebSocketMiddleware(Answer, Options.Create(new WebSocketOptions()), NullLoggerFactory.Instance).Invoke;
        Site = await SecureOrigin.Starts(_sites.ForServer("localhost", "127.0.0.1"), answer: answer);
        var bank = _sites.ForServer("localhost");
        (Bank, BanksThumbprint) = (await SecureOrigin.Starts(bank, answer: answer), bank.Thumbprint);
        Impostor = await SecureOrigin.Starts(Strangers.ForServer("localhost"), answer: answer);
        Process = await OneProcess.Starts(null,
        [
            "--allow-destination", "127.0.0.0/8;::1", "--Granary:Tunnels:Ports", "1-65535", "--Granary:Fetch:Tls:Authority", _sites.RootFile, "--Granary:Users:File", Users.File, "--Granary:AccessLog:Path", AccessLog, "--Logging:LogLevel:Granary", "Debug",
            .. Organisation.Switches, .. Issuer("proxy.example.com"),
            .. Policy.Rules.Switches(
                "Rules:0:Name=no-secrets", "Rules:0:Action=Deny", "Rules:0:Urls=https://*:*/secret/*",
                "Rules:1:Name=bank", "Rules:1:Action=Allow", $"Rules:1:Ports={Bank.Port}",
                "Rules:2:Name=denied", "Rules:2:Action=Deny", "Rules:2:Hosts=denied.example",
                "RateLimits:0:Name=two", "RateLimits:0:Permits=2", "RateLimits:0:Window=10h", "Rules:3:Name=few", "Rules:3:Action=Inspect", "Rules:3:Hosts=127.0.0.3", "Rules:3:Limit=two",
                "Rules:4:Name=look-inside", "Rules:4:Action=Inspect"),
        ], Logs);
    }

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        foreach (var site in (SecureOrigin[])[Site, Bank, Impostor]) await site.DisposeAsync();
        Assert.DoesNotContain(Logs.Lines, static line => line.Level >= LogLevel.Error); // whatever clients did, it was no mistake of ours
    }

    public void Dispose()
    {
        Backend.Dispose();
        Organisation.Dispose();
        Users.Dispose();
        _sites.Dispose();
        Strangers.Dispose();
        Logs.Dispose();
    }

    /// <summary>By the proxy of that scheme, in tunnels that are inspected: it trusts the organisation, and at that its clock.</summary>
    internal HttpClient Client(string scheme = "http", Version? version = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            Proxy = new WebProxy(new Uri($"{scheme}://127.0.0.1:{(scheme == "https" ? Process.SecureUrl() : Process.Url).Port}")),
        };
        handler.SslOptions.CertificateChainPolicy = Organisation.Trust(Process.Clock.Now);
        if (scheme == "https") handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(Strangers.Root);
        return new HttpClient(handler) { DefaultRequestVersion = version ?? HttpVersion.Version11, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    internal Asking Asks(HttpClient client, string path, SecureOrigin? site = null, string? accept = null, string host = "localhost")
    {
        var message = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{host}:{(site ?? Site).Port}{path}")) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        if (accept is not null) message.Headers.TryAddWithoutValidation("Accept", accept);
        return new Asking(client.SendAsync(message), path);
    }

    /// <summary>A tunnel, when the client may begin.</summary>
    internal async Task<Wire> Opens(string target, string more = "")
    {
        var wire = await Wire.To(new IPEndPoint(IPAddress.Loopback, Process.Url.Port));
        await wire.Says($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{more}\r\n");
        await wire.Hears("HTTP/1.1 200 Connection established\r\n\r\n");
        return wire;
    }

    /// <summary>Shakes hands in a tunnel to that target, for that name, and takes whatever certificate it is shown.</summary>
    internal async Task<SslStream> ShakesHands(string target, string name, params SslApplicationProtocol[] alpn) => await ShakesHands(await Opens(target), name, alpn);

    internal static Task<SslStream> ShakesHands(Wire wire, string name, params SslApplicationProtocol[] alpn) => ShakesHands(new System.Net.Sockets.NetworkStream(wire.Socket, ownsSocket: true), name, alpn);

    internal static async Task<SslStream> ShakesHands(Stream tunnel, string name, params SslApplicationProtocol[] alpn)
    {
        var tls = new SslStream(tunnel);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ApplicationProtocols = alpn.Length == 0 ? null : [.. alpn],
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
        }).Within();
        return tls;
    }

    internal static async Task<string> Asks(SslStream tls, string head)
    {
        await tls.WriteAsync(Encoding.Latin1.GetBytes(head)).AsTask().Within();
        using var all = new StreamReader(tls, Encoding.Latin1, leaveOpen: true);
        return await all.ReadToEndAsync().Within();
    }

    private string[] Issuer(string name) => Strangers.Switches((Strangers.ForServer(name, "127.0.0.1"), null))[2..] is var certificate ? ["--listen", "http://127.0.0.1:0;https://127.0.0.1:0", .. certificate] : [];

    private static async Task Answer(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var said = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            await socket.SendAsync(buffer.AsMemory(0, said.Count), said.MessageType, true, CancellationToken.None);
            await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            return;
        }

        context.Response.Headers.CacheControl = "max-age=3600";
        await context.Response.WriteAsync($"page of {context.Request.Host}, asked with {context.Request.Headers.Via}, {context.Request.Headers.ProxyAuthorization}");
    }
}
