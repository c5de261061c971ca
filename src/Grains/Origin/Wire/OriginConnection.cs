using System.Runtime.CompilerServices;
using Granary.Semantics.Framing;

namespace Granary.Grains.Origin.Wire;

/// <summary>
/// One HTTP/1 connection to an origin as the HTTP client sees it: the bytes of exactly the responses it asked for. The first
/// violation of the framing fails this read or, if clean bytes stood before it, the next one, so the request fails or, after a whole
/// response, the connection is not used again. Bytes are inspected where the client wanted them; nothing is copied.
/// An origin may answer, and close, before it has the whole request: if a write fails and an answer is there, what is left to write is dropped
/// and the answer counts (RFC 9112 §9.5, §9.6). It may also turn a request down and leave the rest unread: while a write has to wait the answer is looked for.
/// </summary>
public sealed partial class OriginConnection(Stream inner, FramingLimits limits) : Stream
{
    private readonly OriginWire _wire = new(limits);
    private ReadOnlyMemory<byte> _early;     // of an answer, read when a write had failed
    private TaskCompletionSource? _readEnded; // somebody waits for the read under way to end
    private volatile bool _reading;
    private volatile bool _dropsWrites;

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
        if (_listening is not null) return ReadAfterListening(buffer, cancellationToken);
        if (!_early.IsEmpty) return ReadEarly(buffer);
        if (_dropsWrites && _wire.IsAnswered) return ValueTask.FromResult(0); // half a request stands on it: it is not to be used again
        if (buffer.IsEmpty) return Peek(cancellationToken);
        _reading = true;
        return Inspected(inner.ReadAsync(buffer, cancellationToken), buffer);
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

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_dropsWrites && _wire.IsBetweenRequests) return ValueTask.FromException(new OriginClosedException(wasReused: true));
        if (_wire.Written(buffer.Span) is not FramingViolation.None and var violation)
            return ValueTask.FromException(new OriginProtocolException(violation));
        if (_dropsWrites) return ValueTask.CompletedTask;
        var write = inner.WriteAsync(buffer, _stopsWrites.Token);
        return write.IsCompletedSuccessfully ? write : Sent(write.AsTask(), cancellationToken);
    }

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
        try
        {
            var length = await read.ConfigureAwait(false);
            return Clean(buffer.Span[..length]);
        }
        catch (IOException broken) when (broken is not (OriginClosedException or OriginProtocolException) && _wire.IsAnswerDue)
        {
            throw new OriginClosedException(_wire.IsReused, broken);
        }
        finally
        {
            _reading = false;
            Interlocked.MemoryBarrier(); // with the exchange in HasAnswered: one of both sees the other
            _readEnded?.TrySetResult();
        }
    }

    private ValueTask<int> ReadEarly(Memory<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _early.Length);
        _early[..length].CopyTo(buffer);
        _early = _early[length..];
        if (length == 0) return ValueTask.FromResult(0);
        var clean = _wire.Read(buffer.Span[..length]);
        return clean > 0 ? ValueTask.FromResult(clean) : ValueTask.FromException<int>(new OriginProtocolException(_wire.Violation));
    }

    private async ValueTask Sent(Task write, CancellationToken cancellationToken)
    {
        await using var ended = cancellationToken.UnsafeRegister(static stops => ((CancellationTokenSource)stops!).Cancel(), _stopsWrites).ConfigureAwait(false);
        try
        {
            if (await IsTurnedDownDuring(write).ConfigureAwait(false)) await Stop(write).ConfigureAwait(false);
            else await write.ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            if (!await HasAnswered(cancellationToken).ConfigureAwait(false)) throw new OriginClosedException(_wire.IsReused, broken);
            _dropsWrites = true;
        }
    }

    /// <summary>A connection that refuses bytes ends every read at once: with what came before, or with nothing.</summary>
    private async ValueTask<bool> HasAnswered(CancellationToken cancellationToken)
    {
        if (!_wire.IsAnswerDue) return true;
        if (_listening is { } listening)
        {
            await listening.WaitAsync(cancellationToken).ConfigureAwait(false);
            return !_early.IsEmpty;
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _readEnded, ended);
        if (_reading)
        {
            await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return !_wire.IsAnswerDue;
        }

        var early = new byte[16 * 1024];
        try
        {
            _early = early.AsMemory(0, await inner.ReadAsync(early, cancellationToken).ConfigureAwait(false));
        }
        catch (IOException)
        {
            // nothing, then
        }

        return !_early.IsEmpty;
    }

    private int Clean(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return Closed();
        var clean = _wire.Read(bytes);
        if (_wire.IsTurnedDown) _turnedDown?.TrySetResult();
        if (clean == 0) Demand(_wire.Violation);
        return clean;
    }

    private int Closed()
    {
        if (_wire.IsAnswerDue) throw new OriginClosedException(_wire.IsReused);
        _wire.Closed();
        return 0;
    }

    private static void Demand(FramingViolation violation)
    {
        if (violation != FramingViolation.None) throw new OriginProtocolException(violation);
    }
}
