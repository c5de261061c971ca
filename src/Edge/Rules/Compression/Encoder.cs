using System.Buffers;
using System.IO.Compression;

namespace Granary.Edge.Rules.Compression;

/// <summary>Applies a content coding, on the caller's thread and into memory: it never waits.</summary>
internal abstract class Encoder : IDisposable
{
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>All that was written can be decoded from what is in the sink now.</summary>
    public abstract void Flush();

    /// <summary>Nothing more will be written.</summary>
    public abstract void Finish();

    public abstract void Dispose();
}

/// <summary>RFC 1952.</summary>
internal sealed class Gzip : Encoder
{
    // A stream to which nothing is written may make nothing, and nothing is no gzip.
    private static readonly byte[] OfNothing = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly SinkStream _sink;
    private readonly GZipStream _stream;

    public Gzip(IBufferWriter<byte> sink, int level)
    {
        _sink = new SinkStream(sink);
        _stream = new GZipStream(_sink, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
    }

    public override void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    public override void Flush() => _stream.Flush();

    public override void Finish()
    {
        _stream.Dispose();
        if (!_sink.HasWritten) _sink.Write(OfNothing);
    }

    // What it still has to say goes nowhere: the content is not whole.
    public override void Dispose()
    {
        _sink.IsOver = true;
        _stream.Dispose();
    }
}

/// <summary>RFC 7932, with a window that costs a connection some hundred kilobytes and not as many megabytes.</summary>
internal sealed class Brotli(IBufferWriter<byte> sink, int quality) : Encoder
{
    private const int WindowBits = 18;
    private const int Piece = 4096;

    private BrotliEncoder _encoder = new(quality, WindowBits);

    public override void Write(ReadOnlySpan<byte> bytes) => Compress(bytes, isFinal: false);

    public override void Flush()
    {
        while (true)
        {
            var status = _encoder.Flush(sink.GetSpan(Piece), out var written);
            sink.Advance(written);
            if (status is OperationStatus.Done) return;
        }
    }

    public override void Finish() => Compress([], isFinal: true);

    public override void Dispose() => _encoder.Dispose();

    private void Compress(ReadOnlySpan<byte> bytes, bool isFinal)
    {
        while (true)
        {
            var status = _encoder.Compress(bytes, sink.GetSpan(Piece), out var consumed, out var written, isFinal);
            sink.Advance(written);
            bytes = bytes[consumed..];
            if (status is OperationStatus.Done) return;
            if (status is OperationStatus.NeedMoreData && bytes.IsEmpty && !isFinal) return;
            if (status is OperationStatus.InvalidData) throw new InvalidOperationException("The content could not be coded.");
        }
    }
}

/// <summary>A stream that can only be written to, without waiting.</summary>
internal sealed class SinkStream(IBufferWriter<byte> sink) : WriteOnlyStream
{
    public bool HasWritten { get; private set; }

    /// <summary>What is written from now on is dropped.</summary>
    public bool IsOver { get; set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsOver || buffer.IsEmpty) return;
        HasWritten = true;
        sink.Write(buffer);
    }

    public override void Flush()
    {
    }
}
