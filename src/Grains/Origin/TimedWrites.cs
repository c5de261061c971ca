namespace Granary.Grains.Origin;

/// <summary>A stream each of whose writes must end within a time; else the timer fires, and the write has timed out. The timer is at rest between them.</summary>
internal sealed class TimedWrites(Stream inner, TimeSpan patience, HeadTimer timer, Action taken, CancellationToken leaves) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Timed(inner.WriteAsync(buffer, cancellationToken));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Timed(new ValueTask(inner.FlushAsync(cancellationToken))).AsTask();

    public override void Flush() => inner.Flush();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private ValueTask Timed(ValueTask write)
    {
        if (!write.IsCompletedSuccessfully) return Await(write);
        taken();
        return write;
    }

    private async ValueTask Await(ValueTask write)
    {
        timer.Restart(patience);
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception ended) when (timer.Token.IsCancellationRequested && !leaves.IsCancellationRequested)
        {
            // Of whatever kind: the connection is closed under the write, and whether that or the cancellation shows first is chance.
            throw new TimeoutException("The origin did not take the content of the request in time.", ended);
        }

        taken();
        timer.Rest();
    }
}
