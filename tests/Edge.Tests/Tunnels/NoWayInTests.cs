using Granary.Language;

namespace Granary.Edge.Tests.Tunnels;

/// <summary>P8: no path into the inside, by whatever spelling and way.</summary>
[Trait("Promise", "P8"), Trait("Fault", "51")]
public sealed class NoWayInTests(ClosedProxy closed) : IClassFixture<ClosedProxy>
{
    public static TheoryData<string> Inside() =>
    [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.255.255.254", "localhost", "LOCALHOST", "localhost.", "0.0.0.0", "0",
        "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "3232235521", "0xc0a80001", "100.64.0.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "169.254.1.1",
        "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]",
        "[2002:7f00:1::]", "[2002:a00:1::1]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[fec0::1]", "[100::1]",
    ];

    [Theory, MemberData(nameof(Inside))]
    public async Task By_default_no_tunnel_leads_inside(string host)
    {
        using var client = await RawClient.Connects(closed.Process.Url);
        await client.Sends($"CONNECT {host}:{closed.Process.Admin.Port} HTTP/1.1\r\nHost: x\r\n\r\n");
        var answer = await client.ReadsToEnd();
        Assert.Matches("^HTTP/1.1 (403|400|502) ", answer); // 502: a spelling that the system does not read as an address is a name that nobody has
        if (answer.StartsWith("HTTP/1.1 502", StringComparison.Ordinal)) Assert.Contains("stage: resolve", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(25, "403")]
    [InlineData(80, "403")]
    [InlineData(8443, "403")]
    public async Task By_default_tunnels_lead_to_443_alone(int port, string status)
    {
        await using var process = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8"]);
        using var client = await RawClient.Connects(process.Url);
        await client.Sends($"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n");
        var answer = await client.ReadsToEnd();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("error: destination_port_refused", answer, StringComparison.Ordinal);
    }

    [Fact, Trait("Fault", "50")]
    public async Task No_tunnel_leads_back_into_the_proxy_or_to_its_administration_even_where_loopback_is_allowed()
    {
        await using var proxy = await TunnelProxy.Starts();
        foreach (var own in new[] { proxy.Process.Url, proxy.Process.Admin })
            Assert.StartsWith("HTTP/1.1 508 ", await proxy.Gets($"CONNECT {own.Authority} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_may_not_use_the_forward_proxy_have_no_tunnels_either()
    {
        await using var proxy = await TunnelProxy.Starts("--Granary:Access:AllowClients", "192.0.2.0/24");
        Assert.StartsWith("HTTP/1.1 403 ", await proxy.Gets($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("\u0005\0\u0005\u0002", await proxy.Gets("\u0005\u0001\0\u0005\u0001\0\u0001\u007f\0\0\u0001\0\u0050"), StringComparison.Ordinal);
    }
}
