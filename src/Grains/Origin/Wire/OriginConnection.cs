using System.Runtime.CompilerServices;
using Granary.Semantics.Framing;

namespace Granary.Grains.Origin.Wire;

/// <summary>
/// One HTTP/1 connection to an origin as the HTTP client sees it: the bytes of exactly the responses it asked for. The first
/// violation of the framing fails this read or, if clean bytes stood before it, the next one, so the request fails or, after a whole
/// response, the connection is not used again. Bytes are inspected where the client wanted them; nothing is copied.
/// </summary>
public sealed class OriginConnection(Stream inner, FramingLimits limits) : Stream
{
    private readonly OriginWire _wire = new(limits);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_wire.Violation is not FramingViolation.None and var violation)
            return ValueTask.FromException<int>(new OriginProtocolException(violation));
        var read = inner.ReadAsync(buffer, cancellationToken);
        return buffer.IsEmpty ? read : Inspected(read, buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        Demand(_wire.Violation);
        var read = inner.Read(buffer);
        return buffer.IsEmpty ? read : Clean(buffer[..read]);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _wire.Written(buffer.Span) is not FramingViolation.None and var violation
            ? ValueTask.FromException(new OriginProtocolException(violation))
            : inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Demand(_wire.Written(buffer));
        inner.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> Inspected(ValueTask<int> read, Memory<byte> buffer)
    {
        var length = await read.ConfigureAwait(false);
        return Clean(buffer.Span[..length]);
    }

    private int Clean(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return Closed();
        var clean = _wire.Read(bytes);
        if (clean == 0) Demand(_wire.Violation);
        return clean;
    }

    private int Closed()
    {
        _wire.Closed();
        return 0;
    }

    private static void Demand(FramingViolation violation)
    {
        if (violation != FramingViolation.None) throw new OriginProtocolException(violation);
    }
}
