using System.Buffers.Binary;
using System.Net;
using System.Text;
using Granary.Edge.Tests.Layer4;

namespace Granary.Edge.Tests.Users;

/// <summary>HTTP/2, frame by frame: requests by literals (RFC 7541 §6.2.2), heads as the bytes that came.</summary>
internal sealed class Http2Wire(Wire wire) : IDisposable
{
    private const byte Headers = 1, Settings = 4, EndHeaders = 4;

    public static async Task<Http2Wire> Connects(Uri to)
    {
        var wire = await Wire.To(new IPEndPoint(IPAddress.Loopback, to.Port));
        await wire.Says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await wire.Says(Frame(Settings, 0, 0, []));
        return new Http2Wire(wire);
    }

    public Task Asks(int stream, params (string Name, string Value)[] fields) =>
        wire.Says(Frame(Headers, EndHeaders, stream, Encoding.Latin1.GetBytes(string.Concat(fields.Select(static field => $"\0{(char)field.Name.Length}{field.Name}{(char)field.Value.Length}{field.Value}")))));

    public async Task<string> HearsHead(int stream)
    {
        while (true)
        {
            var head = await wire.Takes(9);
            var content = await wire.Takes(head[0] << 16 | head[1] << 8 | head[2]);
            if (head[3] == Headers && BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) == stream) return Encoding.Latin1.GetString(content);
        }
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
