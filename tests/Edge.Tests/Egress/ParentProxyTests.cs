using Granary.Edge.Tests.Layer4;
using Granary.Edge.Tests.Users;
using Granary.Edge.Tunnels;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Egress;

/// <summary>A forward proxy behind others, which are real ones: Granary speaks HTTP and SOCKS 5 on one port.</summary>
[Trait("Issue", "7")]
public sealed class ParentProxyTests : IAsyncLifetime, IDisposable
{
    private const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";

    private readonly KnownUsers _users = new();
    private readonly Origin _origin = Origin.Starts();
    private readonly Backend _backend = Backend.Listens();
    private OneProcess _parent = null!;

    public async Task InitializeAsync()
    {
        _origin.Answers("/page", 200, ["Cache-Control: max-age=3600"], "page");
        _origin.Answers("/passed", 200, [], "passed");
        _parent = await Starts(["--Granary:Pseudonym", "parent", .. _users.Required]);
    }

    public async Task DisposeAsync()
    {
        await _parent.DisposeAsync();
        _backend.Dispose();
        await _origin.DisposeAsync();
    }

    public void Dispose() => _users.Dispose();

    [Fact]
    public async Task Behind_an_http_parent_requests_go_in_absolute_form_tunnels_by_CONNECT_and_the_parent_knows_who_we_are()
    {
        await using var process = await StartsBehind($"http://127.0.0.1:{_parent.Url.Port}", "secret");
        using var client = process.ForwardClient(_origin);
        await client.Asks("/page").Gets(200, "page");
        await client.Asks("/page").Gets(200, "page");
        _origin.WasAsked("/page", 1);
        _origin.WasAsked("/page", "Via: 1.1 granary, 1.1 parent");
        _origin.WasAskedWithout("/page", "Proxy-Authorization");
        await client.Sends("POST", "/passed", [], "content").Gets(200, "passed");
        _origin.WasAsked("/passed", "Via: 1.1 granary, 1.1 parent");
        await OpensATunnel(process);
        Assert.Equal(1, _parent.Services.GetRequiredService<TunnelMeter>().Of(TunnelWay.Connect).Total);
    }

    [Fact]
    public async Task Behind_a_SOCKS_parent_everything_goes_through_it()
    {
        await using var process = await StartsBehind($"socks5://127.0.0.1:{_parent.Url.Port}", "secret");
        using var client = process.ForwardClient(_origin);
        await client.Asks("/page").Gets(200, "page");
        _origin.WasAsked("/page", "Via: 1.1 granary");
        await OpensATunnel(process);
        Assert.Equal(2, _parent.Services.GetRequiredService<TunnelMeter>().Of(TunnelWay.Socks5).Total);
    }

    [Fact]
    public async Task A_parent_that_does_not_know_us_is_our_fault_and_not_that_of_clients_who_are_never_asked_for_it()
    {
        await using var process = await StartsBehind($"http://127.0.0.1:{_parent.Url.Port}", "wrong");
        using var client = process.ForwardClient(_origin);
        var got = await client.Asks("/page").Fails(502, "connect", "parent_refused");
        Assert.Null(got.Field("Proxy-Authenticate"));
        Assert.Contains("error: parent_unavailable", await Tells(process, $"CONNECT {_backend} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        _origin.WasNotAsked("/page");
    }

    [Fact]
    public async Task Where_the_parents_are_gone_it_is_an_error_or_the_way_is_direct_as_it_is_set()
    {
        using var gone = Backend.Refuses();
        await using var refuses = await StartsBehind($"http://{gone}");
        using var refused = refuses.ForwardClient(_origin);
        await refused.Asks("/page").Fails(502, "connect", "parent_unavailable");
        Assert.Contains("error: parent_unavailable", await Tells(refuses, $"CONNECT {_backend} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);

        await using var direct = await StartsBehind($"http://{gone};http://localhost:{gone.Address.Port}", more: ["--Granary:Egress:Parents:0:Fallback", "Direct"]);
        using var client = direct.ForwardClient(_origin);
        await client.Asks("/page").Gets(200, "page");
        _origin.WasAsked("/page", "Via: 1.1 granary");
        await client.Sends("POST", "/passed", [], "content").Gets(200, "passed");
        await OpensATunnel(direct);
    }

    [Fact]
    public async Task The_first_group_that_serves_a_host_has_it_and_one_without_proxies_means_directly()
    {
        using var gone = Backend.Refuses();
        await using var process = await Starts("--Granary:Egress:Parents:0:Networks", "127.0.0.0/8", "--Granary:Egress:Parents:1:Proxies", $"http://{gone}");
        using var client = process.ForwardClient(_origin);
        await client.Asks("/page").Gets(200, "page");
        Assert.Contains("error: parent_unavailable", await Tells(process, "CONNECT www.example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact, Trait("Promise", "P8"), Trait("Fault", "51")]
    public async Task The_inside_is_refused_before_a_parent_hears_of_it()
    {
        await using var process = await OneProcess.Starts(null, ["--Granary:Tunnels:Ports", "1-65535", "--Granary:Egress:Parents:0:Proxies", $"http://{_backend}"]);
        foreach (var host in new[] { "10.0.0.1", "localhost", "a.localhost", "0x7f.1", "2130706433", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[::1]" })
        {
            Assert.StartsWith("HTTP/1.1 403 ", await Tells(process, $"CONNECT {host}:443 HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 403 ", await Tells(process, $"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        }
    }

    [Fact, Trait("Fault", "50")]
    public async Task A_ring_of_proxies_is_found_at_the_second_turn()
    {
        using var between = Backend.Listens();
        await using var first = await Starts("--Granary:Egress:Parents:0:Proxies", $"http://{between}");
        await using var second = await Starts("--Granary:Pseudonym", "second", "--Granary:Egress:Parents:0:Proxies", $"http://127.0.0.1:{first.Url.Port}");
        using var over = new CancellationTokenSource();
        var leads = Lead(between, second.Url.Port, over.Token);
        Assert.StartsWith("HTTP/1.1 508 ", await Tells(first, $"CONNECT {_backend} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        using var client = first.ForwardClient(_origin);
        await client.Asks("/page").Gets(508);
        _origin.WasNotAsked("/page");
        await over.CancelAsync();
        await leads;
    }

    // A port that is known before the second proxy has one.
    private static async Task Lead(Backend between, int port, CancellationToken over)
    {
        using var ended = over.Register(between.Stops);
        var copies = new List<Task>();
        while (!over.IsCancellationRequested)
        {
            try
            {
                var near = await between.Accepts();
                var far = await Wire.To(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port));
                copies.Add(Copy(near, far));
                copies.Add(Copy(far, near));
            }
            catch (System.Net.Sockets.SocketException)
            {
                break;
            }
        }
    }

    private static async Task Copy(Wire from, Wire to)
    {
        try
        {
            await from.Stream.CopyToAsync(to.Stream);
            to.Ends();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // The other side has gone, as it may.
        }
    }

    private static Task<OneProcess> Starts(params string[] more) => OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8;::1", "--Granary:Tunnels:Ports", "1-65535", .. more]);

    private async Task<OneProcess> StartsBehind(string proxies, string? password = null, params string[] more) => await Starts([
        "--Granary:Egress:Parents:0:Proxies", proxies, .. password is null ? [] : new[] { "--Granary:Egress:Parents:0:User", "alice", "--Granary:Egress:Parents:0:PasswordFile", _users.Writes("password", password + "\n") }, .. more]);

    private static async Task<string> Tells(OneProcess process, string request)
    {
        using var client = await RawClient.Connects(process.Url);
        await client.Sends(request);
        return await client.ReadsToEnd();
    }

    private async Task OpensATunnel(OneProcess process)
    {
        using var client = await RawClient.Connects(process.Url);
        await client.Sends($"CONNECT {_backend} HTTP/1.1\r\nHost: x\r\n\r\nearly");
        using var server = await _backend.Accepts();
        await server.Hears("early");
        await server.Says("answer");
        Assert.Equal(Established + "answer", await client.Reads(Established.Length + 6));
    }
}
