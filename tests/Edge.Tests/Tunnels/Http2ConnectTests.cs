using System.Buffers.Binary;
using System.Text;
using Granary.Edge.Tests.Layer4;

namespace Granary.Edge.Tests.Tunnels;

[Trait("Spec", "RFC 9113 §8.5"), Trait("Kind", "required")]
public sealed class Http2ConnectTests
{
    private const byte Data = 0, Headers = 1, RstStream = 3, Settings = 4, EndStream = 1, EndHeaders = 4;

    [Fact]
    public async Task A_stream_is_a_tunnel()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await Begins(proxy, $"{proxy.Backend}");
        await client.Says(Frame(Data, 0, "early"));
        using var server = await proxy.Backend.Accepts();
        await server.Hears("early");
        Assert.Equal(0x88, (await Next(client, Headers)).Content[0]); // :status 200
        await server.Says("answer");
        Assert.Equal("answer", await Hears(client, 6));
        await client.Says(Frame(Data, EndStream, ""));
        await server.HearsTheEnd();
        await server.Says("last");
        server.Ends();
        Assert.Equal("last", await Hears(client));
    }

    [Fact]
    public async Task A_refusal_is_an_answer()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await Begins(proxy, "10.1.2.3:443");
        Assert.Contains("403", Encoding.Latin1.GetString((await Next(client, Headers)).Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_that_the_access_policy_denies_is_refused()
    {
        await using var proxy = await TunnelProxy.Starts("--Granary:Policy:Rules:0:Action", "Deny", "--Granary:Policy:Rules:0:Hosts", ".bad.example");
        using var client = await Begins(proxy, "www.bad.example:443");
        Assert.Contains("403", Encoding.Latin1.GetString((await Next(client, Headers)).Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_resets_is_not_taken_for_one_that_ends()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await Begins(proxy, $"{proxy.Backend}");
        var server = await proxy.Backend.Accepts();
        await Next(client, Headers);
        server.Resets();
        await Next(client, RstStream);
    }

    private static async Task<Wire> Begins(TunnelProxy proxy, string authority)
    {
        var client = await proxy.Connects();
        await client.Says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await client.Says(Frame(Settings, 0, "", stream: 0));
        await client.Says(Frame(Headers, EndHeaders, Literal(":method", "CONNECT") + Literal(":authority", authority)));
        return client;
    }

    private static async Task<(byte Flags, byte[] Content)> Next(Wire client, byte type)
    {
        while (true)
        {
            var head = await client.Takes(9);
            var content = await client.Takes(head[0] << 16 | head[1] << 8 | head[2]);
            if (head[3] == type) return (head[4], content);
        }
    }

    /// <summary>So many bytes, or all up to the end of the stream, in however many frames.</summary>
    private static async Task<string> Hears(Wire client, int? length = null)
    {
        for (var heard = ""; ;)
        {
            var (flags, content) = await Next(client, Data);
            heard += Encoding.Latin1.GetString(content);
            if (heard.Length == length || (flags & EndStream) != 0) return heard;
        }
    }

    // RFC 7541 §6.2.2, without Huffman.
    private static string Literal(string name, string value) => $"\0{(char)name.Length}{name}{(char)value.Length}{value}";

    private static byte[] Frame(byte type, byte flags, string content, int stream = 1)
    {
        var frame = new byte[9 + content.Length];
        (frame[1], frame[2], frame[3], frame[4]) = ((byte)(content.Length >> 8), (byte)content.Length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        Encoding.Latin1.GetBytes(content, frame.AsSpan(9));
        return frame;
    }
}
