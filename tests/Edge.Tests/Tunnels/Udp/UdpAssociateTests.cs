using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Edge.Tests.Layer4;
using Granary.Edge.Tunnels.Socks.Udp;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Tunnels.Udp;

[Trait("Spec", "RFC 1928 §7"), Trait("Issue", "7")]
public sealed class UdpAssociateTests : IAsyncLifetime
{
    private readonly Socket _server = Bound("127.0.0.1");
    private OneProcess _process = null!;

    private int ServerPort => ((IPEndPoint)_server.LocalEndPoint!).Port;

    public async Task InitializeAsync() => _process = await Starts();

    public async Task DisposeAsync()
    {
        _server.Dispose();
        await _process.DisposeAsync();
    }

    [Fact]
    public async Task Datagrams_go_to_addresses_and_names_and_answers_come_back_with_where_they_are_from()
    {
        using var control = await Connects();
        using var client = Bound("127.0.0.1");
        var relay = await Associates(control);
        await Sends(client, relay, "\0\0\0\u0001\u007f\0\0\u0001", "by address");
        var from = await ServerHears("by address");
        await _server.SendToAsync(Encoding.Latin1.GetBytes("answer"), from);
        Assert.Equal($"\0\0\0\u0001\u007f\0\0\u0001{Port(ServerPort)}answer", await Hears(client));
        await Sends(client, relay, "\0\0\0\u0003\u0009localhost", "by name");
        await ServerHears("by name");
        await Sends(client, relay, "\0\0\0\u0001\u007f\0\0\u0001", "");
        await ServerHears("");
    }

    [Fact, Trait("Promise", "P8"), Trait("Fault", "51")]
    public async Task Strangers_fragments_and_what_leads_inside_are_dropped_on_both_sides()
    {
        using var control = await Connects();
        using var client = Bound("127.0.0.1");
        using var stranger = Bound("127.0.0.9");
        var relay = await Associates(control);
        await Sends(stranger, relay, "\0\0\0\u0001\u007f\0\0\u0001", "stranger");
        await Sends(client, relay, "\0\0\u0001\u0001\u007f\0\0\u0001", "fragment");
        await Sends(client, relay, "\0\0\0\u0001\u000a\0\0\u0001", "inside");
        await Sends(client, relay, "\0\0\0\u0001\u007f\0\0\u0001", "first");
        var from = await ServerHears("first");
        using var other = Bound("127.0.0.1");
        await Sends(other, relay, "\0\0\0\u0001\u007f\0\0\u0001", "another port of the same address");
        await Sends(client, relay, "\0\0\0\u0001\u007f\0\0\u0001", "second");
        await ServerHears("second");
        await stranger.SendToAsync("unasked"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, from.Port));
        await _server.SendToAsync("asked"u8.ToArray(), from);
        Assert.EndsWith("asked", await Hears(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_relay_ends_with_the_connection()
    {
        using var control = await Connects();
        await Associates(control);
        Assert.Equal(1, _process.Services.GetRequiredService<UdpMeter>().Open);
        control.Ends();
        await control.HearsTheEnd();
        await IsClosed(_process);
    }

    [Fact]
    public async Task A_relay_over_which_nothing_goes_is_closed_with_its_connection()
    {
        using var control = await Connects();
        await Associates(control);
        var ended = control.HearsTheRest();
        await _process.Clock.PassesUntil(ended, TimeSpan.FromMinutes(1));
        await IsClosed(_process);
    }

    [Fact]
    public async Task Rules_limits_and_ports_hold_for_datagrams()
    {
        await using var process = await Starts([
            "--Granary:Tunnels:UdpAssociations", "1", .. Policy.Rules.Switches("Rules:0:Action=Deny", "Rules:0:Hosts=localhost")]);
        using var control = await Wire.To(new IPEndPoint(IPAddress.Loopback, process.Url.Port));
        using var client = Bound("127.0.0.1");
        var relay = await Associates(control);
        using var another = await Wire.To(new IPEndPoint(IPAddress.Loopback, process.Url.Port));
        await another.Says("\u0005\u0001\0\u0005\u0003\0\u0001\0\0\0\0\0\0");
        await another.Hears("\u0005\0\u0005\u0001");
        await Sends(client, relay, "\0\0\0\u0003\u0009localhost", "denied");
        await Sends(client, relay, "\0\0\0\u0001\u007f\0\0\u0001", "to another port", port: 9);
        await Sends(client, relay, "\0\0\0\u0001\u007f\0\0\u0001", "allowed");
        await ServerHears("allowed");
    }

    private Task<OneProcess> Starts(params string[] more) => OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8", "--Granary:Tunnels:Ports", $"{ServerPort}", "--Granary:Tunnels:Udp", "true", .. more]);

    private Task<Wire> Connects() => Wire.To(new IPEndPoint(IPAddress.Loopback, _process.Url.Port));

    private static async Task<IPEndPoint> Associates(Wire control)
    {
        await control.Says("\u0005\u0001\0\u0005\u0003\0\u0001\0\0\0\0\0\0");
        await control.Hears("\u0005\0\u0005\0\0\u0001\u007f\0\0\u0001");
        var port = await control.Takes(2);
        return new IPEndPoint(IPAddress.Loopback, (port[0] << 8) | port[1]);
    }

    private async Task Sends(Socket client, IPEndPoint relay, string address, string data, int? port = null) => await client.SendToAsync(Encoding.Latin1.GetBytes($"{address}{Port(port ?? ServerPort)}{data}"), relay);

    private async Task<IPEndPoint> ServerHears(string data)
    {
        var buffer = new byte[100];
        var got = await _server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0)).Within();
        Assert.Equal(data, Encoding.Latin1.GetString(buffer, 0, got.ReceivedBytes));
        return (IPEndPoint)got.RemoteEndPoint;
    }

    private static async Task<string> Hears(Socket client)
    {
        var buffer = new byte[100];
        return Encoding.Latin1.GetString(buffer, 0, await client.ReceiveAsync(buffer).Within());
    }

    private static async Task IsClosed(OneProcess process)
    {
        var meter = process.Services.GetRequiredService<UdpMeter>();
        for (var patience = Deadline.Over(); meter.Open != 0; await Task.Yield())
            if (patience.IsCompleted) throw new TimeoutException("The relay is still open.");
    }

    private static Socket Bound(string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return socket;
    }

    private static string Port(int port) => $"{(char)(port >> 8)}{(char)(port & 255)}";
}
