namespace Granary.Grains.Store;

public sealed partial class Content
{
    private volatile Arrival? _arrival;

    /// <summary>Why it failed, once it has.</summary>
    public ContentFault? Fault => _arrival?.Fault;

    /// <summary>Whether it is among those waiting for room. Belongs to <see cref="RoomQueue"/> and its lock.</summary>
    internal bool IsQueuedForRoom
    {
        get => _arrival?.IsQueuedForRoom == true;
        set
        {
            if (_arrival is { } arrival) arrival.IsQueuedForRoom = value;
        }
    }

    internal bool LacksRoom => _arrival?.WaitsForRoom == true;

    internal bool WriterWaits => _arrival is { } arrival && Volatile.Read(ref arrival.WriterWait) is not null;

    private bool WriterHasEnded => _arrival is not { WriterHasEnded: false };

    // Whole, kept, and nobody has to come for it any more: of how it came nothing is needed. Outside the lock the timer is disposed.
    private void Settle()
    {
        ITimer? timer;
        lock (this)
        {
            if (!IsFrozen || !_claimed || _arrival is not { WriterHasEnded: true } arrival) return;
            timer = arrival.Timer;
            _arrival = null;
            if (_head is { Next: null } one) _only = one.Block; // the end of a small content: nothing is left to be linked
            if (_head is { Next: null }) Volatile.Write(ref _head, null);
        }

        timer?.Dispose();
    }

    /// <summary>
    /// What a content needs only while it comes, while readers may be cut off or wait, and while nobody has claimed it: most of its fields, and no stored content has it for long.
    /// It stays with one that failed or was windowed. Of the content's lock, where nothing else is said.
    /// </summary>
    private sealed class Arrival
    {
        /// <summary>The length that was declared; below zero if none was, or it says nothing new any more.</summary>
        public long Declared = -1;

        /// <summary>The last segment, to which the writer may be writing.</summary>
        public ContentSegment? Tail;

        public ITimer? Timer;

        public long WaitingSince;

        /// <summary>Bytes of the segments from head to tail.</summary>
        public long Kept;

        public ContentFault? Fault;

        public Exception? Cause;

        public CancellationTokenSource? ReadersGone;

        public TaskCompletionSource? WriterWait;

        /// <summary>Those whose pace matters: readers opened while segments may still be released behind them or they may be cut off.</summary>
        public HashSet<ContentReader>? Readers;

        public ContentReader? Waiting;

        /// <summary>Of the memory that the writer was given last; the writer's own.</summary>
        public int Given;

        public volatile bool WaitsForRoom;

        public volatile bool WriterHasEnded;

        public bool IsQueuedForRoom;
    }
}
