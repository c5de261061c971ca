using System.Threading.Tasks.Sources;

namespace Granary.Grains.Store;

/// <summary>
/// Reads one content at its own pace, without copying. For one consumer, one read at a time. Memory it gave is valid until
/// <see cref="Advance"/> has passed it or <see cref="Dispose"/>: nothing may still be sending from it then.
/// </summary>
public sealed class ContentReader : IDisposable, IValueTaskSource<ReadOnlyMemory<byte>>
{
    private ManualResetValueTaskSourceCore<bool> _wake = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private volatile bool _isCut;
    private int _disposed;
    private int _given;

    internal ContentReader(Content content, long position) => (Content, Position) = (content, position);

    public Content Content { get; }

    /// <summary>Where in the content the next byte to be read lies.</summary>
    public long Position { get; private set; }

    internal ContentSegment? Segment { get; set; }

    internal ContentReader? NextWaiting { get; set; }

    internal bool IsCut => _isCut;

    /// <summary>
    /// The next bytes that have arrived and lie side by side; empty at the complete end; false when nothing has arrived yet.
    /// </summary>
    /// <exception cref="IncompleteContentException">All that arrived has been read and the writer failed, or this reader was cut off.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (_isCut) throw new IncompleteContentException(ContentFault.ReaderStalled);
        var state = Content.State; // before Arrived: an end counts only with all bytes before it
        var available = Content.Arrived - Position;
        bytes = available > 0 ? Slice(available) : default;
        _given = bytes.Length;
        if (available > 0 || state == ContentState.Complete) return true;
        return state == ContentState.Failed ? throw Content.Incomplete() : false;
    }

    /// <summary>As <see cref="TryRead"/>, but waits until something has arrived.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryRead(out var bytes)) return new ValueTask<ReadOnlyMemory<byte>>(bytes);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReadOnlyMemory<byte>>(cancellationToken);
        _wake.Reset();
        if (!Content.TryWait(this)) return ReadAsync(cancellationToken);
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static (reader, token) => ((ContentReader)reader!).Cancel(token), this);
        return new ValueTask<ReadOnlyMemory<byte>>(this, _wake.Version);
    }

    /// <summary>The next bytes have been read.</summary>
    public void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _given);
        _given -= bytes;
        Position += bytes;
        if (Segment is { Next: not null } segment && Position >= segment.End) Content.Cross(this);
    }

    /// <summary>Lets go of the content. A read still waiting ends with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (Content.TryStopWaiting(this)) _wake.SetException(new ObjectDisposedException(nameof(ContentReader)));
        Content.Close(this);
    }

    ReadOnlyMemory<byte> IValueTaskSource<ReadOnlyMemory<byte>>.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        _wake.GetResult(token);
        return TryRead(out var bytes) ? bytes : throw new InvalidOperationException("A reader was woken for nothing.");
    }

    ValueTaskSourceStatus IValueTaskSource<ReadOnlyMemory<byte>>.GetStatus(short token) => _wake.GetStatus(token);

    void IValueTaskSource<ReadOnlyMemory<byte>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wake.OnCompleted(continuation, state, token, flags);

    internal void Wake() => _wake.SetResult(true);

    /// <summary>Cuts it off in the segment where it stands, which it may still be sending from.</summary>
    internal void Cut_NeedsLock(ContentSegment segment)
    {
        _isCut = true;
        segment.Readers--;
        segment.Pins++;
    }

    private void Cancel(CancellationToken token)
    {
        if (Content.TryStopWaiting(this)) _wake.SetException(new OperationCanceledException(token));
    }

    private ReadOnlyMemory<byte> Slice(long available)
    {
        if (Segment is null) return Content.Only(Position, available);
        while (Position >= Segment.End) Content.Cross(this);
        var within = (int)(Position - Segment.Start);
        return Segment.Block.Memory.Slice(within, (int)Math.Min(available, Segment.End - Position));
    }
}
