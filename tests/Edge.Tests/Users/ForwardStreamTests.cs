using System.Net.Security;
using Granary.Edge.Tests.Tls;
using Granary.Language;

namespace Granary.Edge.Tests.Users;

/// <summary>Forward requests over HTTP/2, as browsers send them to a proxy with https.</summary>
[Trait("Spec", "RFC 9113 §8.3.1")]
public sealed class ForwardStreamTests : IAsyncLifetime, IDisposable
{
    private const string Ok = "\u0088", NotFound = "\u008d";

    private readonly KnownUsers _users = new();
    private readonly Issuer _issuer = new();
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    public void Dispose()
    {
        _users.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public async Task Scheme_and_authority_say_where_it_goes_and_it_is_the_same_as_in_absolute_form()
    {
        _origin.Answers("/page", 200, ["Cache-Control: max-age=60"], "page");
        await using var process = await OneProcess.Starts(null, [.. _users.Required, .. _issuer.Switches((_issuer.ForServer("proxy.example.com"), null)), "--listen", "https://127.0.0.1:0;http://127.0.0.1:0", "--allow-destination", "127.0.0.0/8", "--Granary:Tls:Hsts:MaxAge", "1h"]);
        await using var tls = await process.ShakesHands("proxy.example.com", alpn: SslApplicationProtocol.Http2);
        using var client = await Http2Wire.Over(tls);
        (string, string)[] asks = [(":method", "GET"), (":scheme", "http"), (":authority", _origin.Authority), (":path", "/page")];
        await client.Asks(1, asks);
        Assert.Contains("407", await client.HearsHead(1), StringComparison.Ordinal);
        var said = KnownUsers.Says("alice", "secret");
        await client.Asks(3, [.. asks, ("proxy-authorization", said.Split(": ")[1])]);
        var head = await client.HearsHead(3);
        Assert.Equal(Ok, head[..1]);
        Assert.DoesNotContain("strict-transport-security", head, StringComparison.OrdinalIgnoreCase);
        using var plain = process.ForwardClient(_origin);
        await plain.Asks("/page", said).Gets(200, "page", Outcome.Hit);
        _origin.WasAskedWithout("/page", "Proxy-Authorization");
    }

    [Fact, Trait("Promise", "P8")]
    public async Task Where_there_are_routes_or_the_proxy_itself_is_meant_it_is_none()
    {
        _origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        await using var routed = await OneProcess.Starts(
            null, ["--allow-destination", "127.0.0.0/8", "--ReverseProxy:Routes:r:ClusterId", "c", "--ReverseProxy:Routes:r:Match:Hosts:0", "www.example.com", "--ReverseProxy:Clusters:c:Destinations:d:Address", _origin.Url]);
        using var client = await Http2Wire.Connects(routed.Url);
        await client.Asks(1, (":method", "GET"), (":scheme", "http"), (":authority", _origin.Authority), (":path", "/page"));
        Assert.Equal(NotFound, (await client.HearsHead(1))[..1]);
        await client.Asks(3, (":method", "GET"), (":scheme", "https"), (":authority", "www.example.com"), (":path", "/page"));
        Assert.Equal(Ok, (await client.HearsHead(3))[..1]);
        Assert.Equal("http", Assert.Single(_origin.Requests("/page")).Fields.Single(static line => line.Is("X-Forwarded-Proto")).Value); // that of the connection, whatever a client says
        await using var forward = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8"]);
        using var own = await Http2Wire.Connects(forward.Url);
        foreach (var (stream, authority) in ((int, string)[])[(1, forward.Url.Authority), (3, $"localhost:{forward.Url.Port}")])
        {
            await own.Asks(stream, (":method", "GET"), (":scheme", "http"), (":authority", authority), (":path", "/"));
            Assert.Equal(NotFound, (await own.HearsHead(stream))[..1]);
        }
    }

    [Fact, Trait("Promise", "P8")]
    public async Task It_is_admitted_as_any_other_forward_request()
    {
        await using var process = await OneProcess.Starts(null, ["--Granary:Access:AllowClients", "192.0.2.0/24"]);
        using var client = await Http2Wire.Connects(process.Url);
        await client.Asks(1, (":method", "GET"), (":scheme", "http"), (":authority", _origin.Authority), (":path", "/page"));
        Assert.Contains("403", await client.HearsHead(1), StringComparison.Ordinal);
    }
}
