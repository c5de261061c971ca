using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Language;

namespace Granary.Edge.Tests.Users;

/// <summary>HTTP/2, frame by frame: requests by literals (RFC 7541 §6.2.2), heads as the bytes that came.</summary>
internal sealed class Http2Wire(Stream wire) : IDisposable
{
    private const byte Headers = 1, Settings = 4, EndStream = 1, EndHeaders = 4;

    public static async Task<Http2Wire> Connects(Uri to)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, to.Port)).Within();
        return await Over(new NetworkStream(socket, ownsSocket: true));
    }

    public static async Task<Http2Wire> Over(Stream stream)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        await stream.WriteAsync(Frame(Settings, 0, 0, []));
        return new Http2Wire(stream);
    }

    public Task Asks(int stream, params (string Name, string Value)[] fields) =>
        wire.WriteAsync(Frame(Headers, fields[0].Value == "CONNECT" ? EndHeaders : (byte)(EndHeaders | EndStream), stream, Encoding.Latin1.GetBytes(string.Concat(fields.Select(static field => $"\0{(char)field.Name.Length}{field.Name}{(char)field.Value.Length}{field.Value}"))))).AsTask().Within();

    public async Task<string> HearsHead(int stream)
    {
        while (true)
        {
            var head = await Takes(9);
            var content = await Takes(head[0] << 16 | head[1] << 8 | head[2]);
            if (head[3] == Headers && BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) == stream) return Encoding.Latin1.GetString(content);
        }
    }

    private async Task<byte[]> Takes(int length)
    {
        var taken = new byte[length];
        await wire.ReadExactlyAsync(taken).AsTask().Within();
        return taken;
    }

    public void Dispose() => wire.Dispose();

    private static byte[] Frame(byte type, byte flags, int stream, byte[] content)
    {
        var frame = new byte[9 + content.Length];
        (frame[1], frame[2], frame[3], frame[4]) = ((byte)(content.Length >> 8), (byte)content.Length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        content.CopyTo(frame, 9);
        return frame;
    }
}
