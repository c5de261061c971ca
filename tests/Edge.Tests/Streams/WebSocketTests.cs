using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Granary.Edge.Tests.Routing;
using Granary.Edge.Tests.Tls;
using Granary.Language;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Tests.Streams;

/// <summary>WebSockets with a client that knows nothing of us: by an upgrade of HTTP/1.1 and by extended CONNECT of HTTP/2.</summary>
public sealed class WebSocketTests : IDisposable
{
    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Theory, Trait("Spec", "RFC 6455 §4, RFC 8441 §5"), Trait("Kind", "required")]
    [InlineData("1.1", "ws", "origin")]
    [InlineData("2.0", "ws", "origin")]
    [InlineData("1.1", "wss", "origin")]
    [InlineData("2.0", "wss", "origin")]
    [InlineData("1.1", "ws", "route")]
    [InlineData("2.0", "wss", "route")]
    public async Task Messages_go_both_ways_whole_and_in_order_and_the_close_comes_through(string version, string scheme, string by)
    {
        await using var backend = await Backend.Starts(HttpProtocols.Http1);
        await using var granary = await Starts(backend, by);
        using var socket = await Connects(granary.Process, version, scheme);
        Assert.Equal("chat", socket.SubProtocol);
        foreach (var size in (int[])[1, 125, 126, 65_535, 65_536, 1_000_000])
        {
            var sent = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, size).Select(static i => (char)('a' + i % 26))));
            var echo = Receives(socket, size);
            await socket.SendAsync(sent, WebSocketMessageType.Binary, true, CancellationToken.None).Within();
            var received = await echo.Within();
            Assert.True(sent.AsSpan().SequenceEqual(received));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None).Within();
        Assert.Equal((WebSocketState.Closed, "closed by HTTP/1.1"), (socket.State, socket.CloseStatusDescription));
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_WebSocket_that_the_origin_does_not_take_gets_the_origins_answer(string version)
    {
        await using var backend = await Backend.Starts(HttpProtocols.Http1, answer: static context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        await using var granary = await Starts(backend, "origin");
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => Connects(granary.Process, version, "ws", "/nothing"));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    private Task<RoutedProcess> Starts(Backend backend, string by)
    {
        var tls = _issuer.Switches((_issuer.ForServer("127.0.0.1"), "*"));
        return by == "origin"
            ? RoutedProcess.StartsWith("{}", [.. tls, "--origin", backend.Address])
            : RoutedProcess.Starts(""" "all": { "ClusterId": "one", "Match": { "Path": "{**rest}" } } """, $$"""{{""}}"one": { "Destinations": { "one": { "Address": "{{backend.Address}}" } } }""", tls);
    }

    private async Task<ClientWebSocket> Connects(OneProcess process, string version, string scheme, string path = "/socket")
    {
        var socket = new ClientWebSocket();
        var (http, exact) = (new Version(version), HttpVersionPolicy.RequestVersionExact);
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (http, exact);
        socket.Options.AddSubProtocol("chat");
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_issuer.Root);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } }, disposeHandler: false);
        var port = scheme == "wss" ? process.SecureUrl().Port : process.Url.Port;
        await socket.ConnectAsync(new Uri($"{scheme}://127.0.0.1:{port}{path}"), invoker, CancellationToken.None).Within();
        return socket;
    }

    private static async Task<byte[]> Receives(ClientWebSocket socket, int size)
    {
        var received = new byte[size];
        for (var length = 0; length < size;)
            length += (await socket.ReceiveAsync(received.AsMemory(length), CancellationToken.None)).Count;
        return received;
    }
}
