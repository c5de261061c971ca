using Granary.Edge.ProxyProtocol;
using Granary.Language;

namespace Granary.Edge.Tests.Layer4;

[Trait("Spec", "The PROXY protocol, §2"), Trait("Kind", "required")]
public sealed class ProxyProtocolTests
{
    private const string FromLoopback = "TrustedFrom 127.0.0.0/8";

    [Fact]
    public async Task The_destination_is_told_the_client_in_text()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "ProxyProtocolOut V1");
        var (client, handed) = await proxy.Connects(backend);
        await client.Says("hello");
        await handed.Hears($"PROXY TCP4 127.0.0.1 127.0.0.1 {client.Local.Port} {proxy.Address.Port}\r\nhello");
    }

    [Fact]
    public async Task The_destination_is_told_the_client_in_binary_before_the_client_has_said_a_word()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "ProxyProtocolOut V2");
        var (client, handed) = await proxy.Connects(backend);
        var header = new byte[28];
        await handed.Stream.ReadExactlyAsync(header).AsTask().Within();
        Assert.Equal(new ProxyReading.Complete(new ProxyHeader.Client(client.Local, proxy.Address), 28), ProxyHeaderReader.Read(header));
    }

    [Fact]
    public async Task What_a_trusted_proxy_tells_is_told_on_in_the_version_of_the_destination()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "ProxyProtocolIn Required", FromLoopback, "ProxyProtocolOut V1");
        var client = await proxy.Client();
        await client.Says((byte[])[.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 15, 203, 0, 113, 7, 192, 0, 2, 1, 0, 80, 0, 22, .. "tlvSSH-2.0-x\r\n"u8]);
        await (await backend.Accepts()).Hears("PROXY TCP4 203.0.113.7 192.0.2.1 80 22\r\nSSH-2.0-x\r\n");
    }

    [Fact]
    public async Task A_header_may_come_byte_by_byte()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "ProxyProtocolIn Required", FromLoopback);
        var client = await proxy.Client();
        foreach (var letter in "PROXY TCP4 203.0.113.7 192.0.2.1 80 22\r\nhello") await client.Says($"{letter}");
        await (await backend.Accepts()).Hears("hello");
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\nhello", "PROXY UNKNOWN\r\nhello")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\0\0\0hello", "PROXY UNKNOWN\r\nhello")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0hello", "PROXY TCP4 127.0.0.1 127.0.0.1 ")]
    public async Task An_unknown_client_stays_unknown_and_a_proxy_that_speaks_for_itself_is_the_client(string said, string heard)
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "ProxyProtocolIn Required", FromLoopback, "ProxyProtocolOut V1", "Balance ClientAddress");
        await (await proxy.Client()).Says(said);
        await (await backend.Accepts()).Hears(heard);
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n", ProxyFault.NoHeader)]
    [InlineData("PROXY TCP4 nonsense\r\n", ProxyFault.Malformed)]
    public async Task Without_a_valid_header_a_connection_is_closed_and_no_destination_hears_of_it(string said, ProxyFault why)
    {
        using var backend = Backend.Refuses();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "ProxyProtocolIn Required", FromLoopback);
        var client = await proxy.Client();
        await client.Says(said);
        await client.HearsAReset();
        await Refused(proxy, why);
        Assert.Equal(0, proxy.Log.Count("DestinationOut"));
    }

    [Fact]
    public async Task Who_is_not_trusted_is_closed_before_it_says_anything()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "ProxyProtocolIn Required", "TrustedFrom 192.0.2.0/24");
        await proxy.Refuses();
        await Refused(proxy, ProxyFault.NotTrusted);
    }

    [Fact]
    public async Task Half_a_header_is_waited_for_as_long_as_the_head_time_out_and_not_beyond_the_end()
    {
        using var backend = Backend.Listens();
        await using var proxy = await TcpProxy.Starts($"To {backend}", "ProxyProtocolIn Required", FromLoopback, "HeadTimeout 7s");
        var silent = await proxy.Client();
        await silent.Says("PROXY TCP4 ");
        await proxy.Clock.Holds(7.Seconds(), 1);
        proxy.Clock.Passes(7.Seconds());
        await silent.HearsAReset();
        await Refused(proxy, ProxyFault.TimedOut);
        var leaving = await proxy.Client();
        await leaving.Says("PROXY TCP4 ");
        leaving.Ends();
        await leaving.HearsAReset();
        await Refused(proxy, ProxyFault.Incomplete);
    }

    private static async Task Refused(TcpProxy proxy, ProxyFault why)
    {
        await proxy.IsQuiet();
        Assert.Contains(proxy.Log.Lines, line => line.Event == "ConnectionRefused" && line.Text.EndsWith($"ProxyHeader {why}", StringComparison.Ordinal));
    }
}
