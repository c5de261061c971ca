using Granary.Edge.Tests.Layer4;
using Granary.Edge.Tunnels;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Tunnels;

[Trait("Spec", "RFC 9110 §9.3.6"), Trait("Kind", "required")]
public sealed class ConnectTests(ClosedProxy closed) : IClassFixture<ClosedProxy>
{
    private const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";

    [Fact]
    public async Task After_200_both_sides_have_a_tunnel_and_what_the_client_sent_too_early_is_in_it()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await proxy.Connects();
        await client.Says($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: {proxy.Backend}\r\nProxy-Connection: keep-alive\r\n\r\nearly");
        using var server = await proxy.Backend.Accepts();
        await server.Hears("early");
        await server.Says("\0binary");
        await client.Hears(Established + "\0binary");
        await client.Says("more");
        await server.Hears("more");
    }

    [Fact, Trait("Fault", "52")]
    public async Task Either_half_may_end_before_the_other()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await proxy.Connects();
        await client.Says($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n");
        using var server = await proxy.Backend.Accepts();
        await client.Hears(Established);
        client.Ends();
        await server.HearsTheEnd();
        await server.Says("still here");
        server.Ends();
        await client.Hears("still here");
        await client.HearsTheEnd();
    }

    [Fact]
    public async Task A_server_that_resets_is_not_taken_for_one_that_ends()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await proxy.Connects();
        await client.Says($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n");
        var server = await proxy.Backend.Accepts();
        await client.Hears(Established);
        server.Resets();
        await client.HearsAReset();
    }

    [Theory]
    [InlineData("CONNECT example.org HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT http://example.org:443/ HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT /path HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT example.org:0 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT example.org:65536 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT user@example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT ::1:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT [::1%lo]:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT example.org:443 HTTP/1.1\r\n\r\n", 400)]
    [InlineData("CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 400)]
    [InlineData("CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("CONNECT example.org:443 HTTP/1.1\r\nHost : x\r\n\r\n", 400)]
    [InlineData("CONNECT example.org:443 HTTP/2.5\r\nHost: x\r\n\r\n", 505)]
    public async Task What_is_no_CONNECT_is_refused_and_the_connection_closed(string request, int status)
    {
        using var client = await RawClient.Connects(closed.Process.Url);
        await client.Sends(request);
        var answer = await client.ReadsToEnd();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_names_the_stage_and_no_address_and_comes_as_JSON_to_whoever_prefers_that()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var refuses = Backend.Refuses();
        var text = await proxy.Gets($"CONNECT {refuses} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 502 ", text, StringComparison.Ordinal);
        Assert.EndsWith("stage: connect\nerror: connection_refused\n", text, StringComparison.Ordinal);
        var json = await proxy.Gets($"CONNECT {refuses} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n");
        Assert.Contains("application/problem+json", json, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_does_not_finish_its_head_is_told_so()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await RawClient.Connects(proxy.Process.Url);
        await client.Sends("CONNECT example.org:443 HTTP/1.1\r\nHost:");
        var answered = client.ReadsToEnd();
        await proxy.Process.Clock.PassesUntil(answered, TimeSpan.FromHours(1));
        Assert.StartsWith("HTTP/1.1 408 ", await answered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_in_which_nothing_moves_is_closed()
    {
        await using var proxy = await TunnelProxy.Starts("--Granary:Tunnels:IdleTimeout", "7m");
        using var client = await RawClient.Connects(proxy.Process.Url);
        await client.Sends($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n");
        using var server = await proxy.Backend.Accepts();
        await client.ReadsHead();
        var ended = client.ReadsToEnd();
        await proxy.Process.Clock.PassesUntil(ended, TimeSpan.FromMinutes(7));
        await server.HearsAReset();
    }

    [Fact, Trait("Promise", "P8")]
    public async Task A_reverse_proxy_of_one_origin_has_no_tunnels()
    {
        await using var origin = Origin.Starts();
        await using var process = await OneProcess.Starts(origin);
        using var client = await RawClient.Connects(process.Url);
        await client.Sends($"CONNECT {origin.Authority} HTTP/1.1\r\nHost: {origin.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 501 ", await client.ReadsHead(), StringComparison.Ordinal);
        Assert.Equal(0, origin.Connections);
    }

    [Fact]
    public async Task Tunnels_are_counted()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await proxy.Connects();
        await client.Says($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\nfour");
        using var server = await proxy.Backend.Accepts();
        await server.Hears("four");
        using var admin = new HttpClient();
        var metrics = await admin.GetStringAsync(new Uri(proxy.Process.Admin, "/metrics")).Within();
        Assert.Matches("granary_tunnels_open\\{[^}]*way=\"Connect\"", metrics); // the numbers there are those of all processes of these tests
        var figures = proxy.Process.Services.GetRequiredService<TunnelMeter>().Of(TunnelWay.Connect);
        Assert.Equal((1, 1, 4), (figures.Open, figures.Total, figures.BytesIn));
    }
}
