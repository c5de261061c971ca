using System.Numerics;
using System.Runtime.InteropServices;

namespace Granary.Grains.Store;

public sealed partial class Content
{
    // Where a writer of a declared length puts what it should not have: nobody ever reads it.
    private static readonly byte[] Overrun = new byte[64];

    private uint _crc = uint.MaxValue;

    /// <summary>CRC-32C over all bytes, once a retained content is complete: whoever copies it elsewhere can tell damage.</summary>
    public uint? Checksum => IsFrozen ? ~_crc : null;

    /// <summary>
    /// False if bytes have changed since they came (fault 58); true while that cannot be told. Reads all of it: for whoever copies it, and for small ones.
    /// The caller must hold it, by a reader for example.
    /// </summary>
    public bool IsIntact()
    {
        if (!IsFrozen) return true;
        var crc = uint.MaxValue;
        var head = Volatile.Read(ref _head);
        if (head is null && _only.Length > 0) crc = Crc32C(crc, _only.Memory.Span[..(int)_arrived]);
        for (var segment = head; segment is not null; segment = segment.Next)
            crc = Crc32C(crc, segment.Block.Memory.Span[..(int)(Math.Min(segment.End, _arrived) - segment.Start)]);
        return crc == _crc;
    }

    internal IncompleteContentException Incomplete() => new(Fault ?? ContentFault.WriterFailed, _arrival?.Cause);

    /// <summary>Cancelled when it makes no sense to go on writing.</summary>
    internal CancellationToken ReadersGone
    {
        get
        {
            lock (this)
            {
                if (_state == ContentState.Failed) return new CancellationToken(canceled: true);
                return _arrival is { } arrival ? (arrival.ReadersGone ??= new CancellationTokenSource()).Token : CancellationToken.None;
            }
        }
    }

    /// <summary>The next free part of a segment; empty when the writer has to wait for readers or for room.</summary>
    internal Memory<byte> NextMemory()
    {
        if (_state == ContentState.Failed) throw Incomplete();
        ObjectDisposedException.ThrowIf(WriterHasEnded, typeof(ContentWriter));
        var arrival = _arrival!;
        var memory = _arrived == arrival.Declared ? Overrun
            : arrival.Tail is { } tail && _arrived < tail.End || TryAppend() ? Rest()
            : default;
        arrival.Given = memory.Length;
        return memory;
    }

    internal void Publish(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _arrival?.Given ?? 0);
        if (count == 0 || _arrival is not { } arrival) return;
        arrival.Given -= count;
        if (arrival.Declared >= 0 && count > arrival.Declared - _arrived)
        {
            Fail(ContentFault.LongerThanDeclared);
            return;
        }

        if (_retained) _crc = Crc32C(_crc, Rest().Span[..count]);
        ContentReader? woken = null;
        lock (this)
        {
            if (_state != ContentState.Arriving) return;
            Volatile.Write(ref _arrived, _arrived + count);
            if (arrival.Waiting is not null) woken = Woken_NeedsLock();
        }

        Wake(woken);
        if (_retained && _arrived > _store.Options.MaxResponseBytes) SwitchToWindowed();
    }

    internal Task BeginWriterWait()
    {
        Task wait;
        lock (this)
        {
            if (_state == ContentState.Failed || _arrival is not { } arrival) return Task.CompletedTask;
            arrival.WriterWait ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            wait = arrival.WriterWait.Task;
        }

        ArmTimer();
        return wait;
    }

    /// <summary>Ends the writer's wait; false if it was not waiting.</summary>
    internal bool WakeWriter()
    {
        TaskCompletionSource? wait = null;
        lock (this)
            if (_arrival is { } arrival) (wait, arrival.WriterWait) = (arrival.WriterWait, null);
        return wait?.TrySetResult() == true;
    }

    private static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (var last in bytes[(words.Length * 8)..]) crc = BitOperations.Crc32C(crc, last);
        return crc;
    }
}
