using System.Numerics;
using System.Runtime.InteropServices;

namespace Granary.Grains.Store;

public sealed partial class Content
{
    private const int FirstSegment = 4 << 10;
    private const int LargestSegment = 64 << 10;

    // Where a writer of a declared length puts what it should not have: nobody ever reads it.
    private static readonly byte[] Overrun = new byte[64];

    private Exception? _cause;
    private CancellationTokenSource? _readersGone;
    private TaskCompletionSource? _writerWait;
    private volatile bool _waitsForRoom;
    private bool _writerEnded;
    private int _given;
    private uint _crc = uint.MaxValue;

    /// <summary>CRC-32C over all bytes, once a retained content is complete: whoever copies it elsewhere can tell damage.</summary>
    public uint? Checksum => IsFrozen ? ~_crc : null;

    /// <summary>Whether it is among those waiting for room. Belongs to <see cref="RoomQueue"/> and its lock.</summary>
    internal bool IsQueuedForRoom { get; set; }

    internal bool LacksRoom => _waitsForRoom;

    internal bool WriterWaits => Volatile.Read(ref _writerWait) is not null;

    internal IncompleteContentException Incomplete() => new(Fault ?? ContentFault.WriterFailed, _cause);

    /// <summary>Cancelled when it makes no sense to go on writing.</summary>
    internal CancellationToken ReadersGone
    {
        get
        {
            lock (_gate)
            {
                if (_state == ContentState.Failed) return new CancellationToken(canceled: true);
                return (_readersGone ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>The next free part of a segment; empty when the writer has to wait for readers or for room.</summary>
    internal Memory<byte> NextMemory()
    {
        if (_state == ContentState.Failed) throw Incomplete();
        ObjectDisposedException.ThrowIf(_writerEnded, typeof(ContentWriter));
        var memory = _arrived == _declared ? Overrun
            : _tail is { } tail && _arrived < tail.End || TryAppend() ? Rest()
            : default;
        _given = memory.Length;
        return memory;
    }

    internal void Publish(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _given);
        _given -= count;
        if (count == 0) return;
        if (_declared >= 0 && count > _declared - _arrived)
        {
            Fail(ContentFault.LongerThanDeclared);
            return;
        }

        if (_retained) AddToChecksum(Rest().Span[..count]);
        ContentReader? woken = null;
        lock (_gate)
        {
            if (_state != ContentState.Arriving) return;
            Volatile.Write(ref _arrived, _arrived + count);
            if (_waiting is not null) woken = Woken_NeedsLock();
        }

        Wake(woken);
        if (_retained && _arrived > _store.Options.MaxResponseBytes) SwitchToWindowed();
    }

    internal void Complete()
    {
        if (_declared >= 0 && _arrived != _declared) Fail(ContentFault.ShorterThanDeclared);
        if (_writerEnded) return;
        ContentReader? woken;
        bool claimed;
        lock (_gate)
        {
            TrimTail_NeedsLock();
            if (_state == ContentState.Arriving) _state = ContentState.Complete;
            if (_retained) _readers = null;
            woken = Woken_NeedsLock();
            claimed = _claimed;
        }

        Wake(woken);
        _store.MayHaveRoom();
        if (!claimed) ArmTimer();
        if (_state == ContentState.Complete) _store.Completed(this);
        EndWriter();
    }

    /// <summary>The writer says that it cannot go on; it no longer writes to memory it was given.</summary>
    internal void Fail(ContentFault fault, Exception? cause = null)
    {
        if (_writerEnded) return;
        TryFail(fault, cause);
        EndWriter();
    }

    /// <summary>Fails it from outside. The writer may be writing to a block just now, so its hold stays until it says it has ended.</summary>
    internal void Collapse(ContentFault fault)
    {
        if (!TryFail(fault, null)) return;
        WakeWriter();
        _readersGone?.CancelAsync();
    }

    internal Task BeginWriterWait()
    {
        Task wait;
        lock (_gate)
        {
            if (_state == ContentState.Failed) return Task.CompletedTask;
            _writerWait ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            wait = _writerWait.Task;
        }

        ArmTimer();
        return wait;
    }

    /// <summary>Ends the writer's wait; false if it was not waiting.</summary>
    internal bool WakeWriter()
    {
        TaskCompletionSource? wait;
        lock (_gate) (wait, _writerWait) = (_writerWait, null);
        return wait?.TrySetResult() == true;
    }

    private Memory<byte> Rest()
    {
        var rest = _tail!.Block.Memory[(int)(_arrived - _tail.Start)..];
        return _declared >= 0 && rest.Length > _declared - _arrived ? rest[..(int)(_declared - _arrived)] : rest;
    }

    private bool TryAppend()
    {
        _waitsForRoom = false;
        while (true)
        {
            var size = NextSegmentSize();
            if (!_retained && !FitsWindow(size)) return false;
            if (_store.TryRent(size, out var block))
            {
                Append(block);
                return true;
            }

            _waitsForRoom = !_retained;
            if (_waitsForRoom) return false;
            SwitchToWindowed();
        }
    }

    // Exact when the length is known; else growing, so that a small content takes little and a large one few segments.
    private int NextSegmentSize()
    {
        var largest = Math.Min(LargestSegment, _store.SegmentLimit);
        if (_declared >= 0) return (int)Math.Min(_declared - _arrived, largest);
        return _tail is null ? FirstSegment : Math.Clamp(_tail.Block.Length * 2, FirstSegment, largest);
    }

    private bool FitsWindow(int size)
    {
        lock (_gate) return _head == _tail || _kept + size <= _store.Options.WindowBytes;
    }

    private void Append(Block block)
    {
        var segment = new ContentSegment(block, _tail?.End ?? 0);
        ContentSegment? passed;
        lock (_gate)
        {
            if (_tail is null) _head = segment;
            else _tail.Next = segment;
            _tail = segment;
            _kept += block.Length;
            Seat_NeedsLock(segment);
            passed = Passed_NeedsLock();
        }

        ReturnPassed(passed);
    }

    // Readers opened beyond the end of what there was now have a place.
    private void Seat_NeedsLock(ContentSegment segment)
    {
        if (_readers is null) return;
        foreach (var reader in _readers)
        {
            if (reader.Segment is not null || reader.Position >= segment.End) continue;
            reader.Segment = segment;
            segment.Readers++;
        }
    }

    private void TrimTail_NeedsLock()
    {
        if (_tail is not { } tail) return;
        var used = (int)(_arrived - tail.Start);
        _kept -= tail.Block.Length;
        tail.Block = _store.Arena.Shrink(tail.Block, Math.Max(1, used));
        _kept += tail.Block.Length;
    }

    private bool TryFail(ContentFault fault, Exception? cause)
    {
        ContentReader? woken;
        lock (_gate)
        {
            if (_state != ContentState.Arriving) return false;
            (Fault, _cause) = (fault, cause);
            _state = ContentState.Failed;
            woken = Woken_NeedsLock();
        }

        Wake(woken);
        _store.Lost(this);
        Unclaim();
        return true;
    }

    private void EndWriter()
    {
        _writerEnded = true;
        Release();
    }

    private void AddToChecksum(ReadOnlySpan<byte> bytes)
    {
        var crc = _crc;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (var last in bytes[(words.Length * 8)..]) crc = BitOperations.Crc32C(crc, last);
        _crc = crc;
    }
}
