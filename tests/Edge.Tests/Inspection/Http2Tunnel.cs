using System.Buffers.Binary;
using System.Text;
using Granary.Edge.Tests.Layer4;
using Granary.Language;

namespace Granary.Edge.Tests.Inspection;

/// <summary>A tunnel in a stream of HTTP/2 with prior knowledge, frame by frame. RFC 9113 §8.5.</summary>
internal sealed class Http2Tunnel : Stream
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, GoAway = 7, WindowUpdate = 8, EndStream = 1, EndHeaders = 4;

    private readonly Wire _wire;
    private ReadOnlyMemory<byte> _heard;
    private bool _isOver;

    private Http2Tunnel(Wire wire) => _wire = wire;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static async Task<Http2Tunnel> Opens(Wire wire, string authority)
    {
        await wire.Says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await wire.Says(Frame(Settings, 0, 0, []));
        await wire.Says(Frame(Headers, EndHeaders, 1, Encoding.Latin1.GetBytes($"\0\u0007:method\u0007CONNECT\0\u000a:authority{(char)authority.Length}{authority}")));
        var tunnel = new Http2Tunnel(wire);
        while (await tunnel.Next() is var (type, _, content))
            if (type == Headers) return content[0] == 0x88 ? tunnel : throw new IOException(Encoding.Latin1.GetString(content)); // :status 200
        throw new IOException("There was no answer.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_heard.IsEmpty && !_isOver)
        {
            var (type, flags, content) = await Next();
            if (type is Reset or GoAway) throw new IOException("The stream was reset.");
            if (type is not Data) continue;
            (_heard, _isOver) = (content, (flags & EndStream) != 0);
            foreach (var stream in (int[])[0, 1])
                if (content.Length > 0) await _wire.Says(Frame(WindowUpdate, 0, stream, [(byte)(content.Length >> 24), (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length]));
        }

        var length = Math.Min(buffer.Length, _heard.Length);
        _heard[..length].CopyTo(buffer);
        _heard = _heard[length..];
        return length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await _wire.Says(Frame(Data, 0, 1, buffer.ToArray()));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _wire.Dispose();
        base.Dispose(disposing);
    }

    private async Task<(byte Type, byte Flags, byte[] Content)> Next()
    {
        var head = await _wire.Takes(9);
        return (head[3], head[4], await _wire.Takes(head[0] << 16 | head[1] << 8 | head[2]));
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] content)
    {
        var frame = new byte[9 + content.Length];
        (frame[0], frame[1], frame[2], frame[3], frame[4]) = ((byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        content.CopyTo(frame, 9);
        return frame;
    }
}
