using Granary.Edge.Tests.Layer4;
using Granary.Language;

namespace Granary.Edge.Tests.Egress;

[Trait("Issue", "7")]
public sealed class EgressFromTests : IAsyncDisposable
{
    private readonly Origin _origin = Origin.Starts();
    private readonly Backend _backend = Backend.Listens();

    [Fact]
    public async Task Tunnels_and_passed_requests_come_from_the_address_of_their_rule_and_all_else_from_that_of_the_process()
    {
        await using var process = await Starts(["--Granary:Egress:From", "127.0.0.5", .. Policy.Rules.Switches(
            "Rules:0:Action=Allow", "Rules:0:Urls=http://127.0.0.1:*/own", "Rules:0:EgressFrom=127.0.0.6", "Rules:1:Action=Allow", "Rules:1:Ways=Socks", "Rules:1:EgressFrom=127.0.0.7")]);
        using var client = process.ForwardClient(_origin);
        Assert.Equal("127.0.0.5", await From(client.Sends("POST", "/", [], "x"), "/"));
        Assert.Equal("127.0.0.6", await From(client.Sends("POST", "/own", [], "x"), "/own"));
        Assert.Equal("127.0.0.5", await From(client.Asks("/own"), "/own"));
        Assert.Equal("127.0.0.5", await OfTunnel(process, $"CONNECT {_backend} HTTP/1.1\r\nHost: x\r\n\r\n"));
        Assert.Equal("127.0.0.7", await OfTunnel(process, $"\u0005\u0001\0\u0005\u0001\0\u0001\u007f\0\0\u0001{(char)(_backend.Address.Port >> 8)}{(char)(_backend.Address.Port & 255)}"));
    }

    [Fact]
    public async Task An_address_that_is_none_of_this_machine_is_told_in_the_log_and_to_clients_without_its_name()
    {
        using var logs = Logs.Begin();
        await using var process = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8", "--Granary:Tunnels:Ports", "1-65535", "--Granary:Egress:From", "192.0.2.77"], logs);
        using var client = process.ForwardClient(_origin);
        var got = await client.Asks("/").Fails(500, "connect", "proxy_configuration_error");
        Assert.DoesNotContain("192.0.2.77", got.Content, StringComparison.Ordinal);
        Assert.Contains("192.0.2.77", (await logs.Tell("SourceUnusable")).Text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _backend.Dispose();
        await _origin.DisposeAsync();
    }

    private static Task<OneProcess> Starts(params string[] more) => OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8", "--Granary:Tunnels:Ports", "1-65535", .. more]);

    private async Task<string> From(Asking asking, string path)
    {
        var from = "";
        _origin.Acts(path, side =>
        {
            from = side.Peer.Address.ToString();
            return side.Answers(200, ["Cache-Control: no-store"], "x");
        });
        await asking.Gets(200);
        return from;
    }

    private async Task<string> OfTunnel(OneProcess process, string wish)
    {
        using var client = await RawClient.Connects(process.Url);
        await client.Sends(wish);
        using var server = await _backend.Accepts();
        return ((System.Net.IPEndPoint)server.Socket.RemoteEndPoint!).Address.ToString();
    }
}
