namespace Granary.Grains.Store;

public sealed partial class Content
{
    /// <summary>
    /// From now on nothing is kept behind the slowest reader, so it can no longer be stored; a stored response that has this content is
    /// removed. Nothing happens once the content has ended.
    /// </summary>
    internal void SwitchToWindowed()
    {
        ContentSegment? passed;
        bool gone;
        lock (this)
        {
            if (!_retained || _state != ContentState.Arriving) return;
            _retained = false;
            passed = Passed_NeedsLock();
            gone = ReadersAreGone_NeedsLock();
        }

        if (gone) Collapse(ContentFault.ReadersGone);
        ReturnPassed(passed);
        _store.Lost(this);
    }

    // Nobody reads a windowed content that others have begun to read: what has gone is gone for everybody.
    private bool ReadersAreGone_NeedsLock() =>
        !_retained && _opened && _state == ContentState.Arriving && _arrival?.Readers is null or { Count: 0 };

    // Takes off the segments that all readers have passed. The tail stays: the writer may be writing to it.
    private ContentSegment? Passed_NeedsLock()
    {
        if (_retained || !_opened) return null;
        ContentSegment? first = null, last = null;
        var tail = _arrival?.Tail;
        while (_head is { Readers: 0 } head && head != tail)
        {
            _head = head.Next;
            if (_arrival is { } arrival) arrival.Kept -= head.Block.Length;
            head.IsDetached = true;
            if (head.Pins > 0) continue;
            first ??= head;
            if (last is not null) last.Next = head;
            last = head;
        }

        if (last is not null) last.Next = null;
        return first;
    }

    private void ReturnPassed(ContentSegment? passed)
    {
        if (passed is null) return;
        for (; passed is not null; passed = passed.Next) _store.Return(passed.Block);
        WakeWriter();
    }

    // One timer per content, made when first needed: the writer has waited for too long, or nobody has come to read.
    private void ArmTimer()
    {
        var patience = _store.Options.StalledReaderTimeout;
        lock (this)
        {
            if (_holds == 0) return;
            var arrival = _arrival ??= new Arrival { WriterHasEnded = true }; // once more unclaimed
            arrival.WaitingSince = _store.Clock.GetTimestamp();
            if (arrival.Timer is null)
                arrival.Timer = _store.Clock.CreateTimer(static content => ((Content)content!).OnTimer(), this, patience, Timeout.InfiniteTimeSpan);
            else arrival.Timer.Change(patience, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        // It may have been set anew while it was on its way here, and timers and timestamps may differ by a tick.
        if (_arrival is not { } arrival) return;
        var left = _store.Options.StalledReaderTimeout - _store.Clock.GetElapsedTime(Volatile.Read(ref arrival.WaitingSince));
        if (left > TimeSpan.Zero) arrival.Timer?.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        else Expire();
    }

    private void Expire()
    {
        if (_state == ContentState.Complete) Unclaim();
        else if (_state == ContentState.Arriving && WriterWaits) OnWriterStalled();
    }

    private void OnWriterStalled()
    {
        if (!_opened && !_retained) Collapse(ContentFault.Unclaimed);
        else if (LacksRoom) Collapse(ContentFault.NoRoom);
        else
        {
            CutStalled();
            ArmTimer();
        }
    }

    // Those in the first segment hold everybody up. If nobody waits for more, they are merely slow, and the writer can wait with them.
    private void CutStalled()
    {
        ContentSegment? passed = null;
        lock (this)
        {
            if (_arrival is not { Waiting: not null, Readers: { } readers } || _head is not { } head) return;
            foreach (var reader in readers)
                if (reader.Segment == head) reader.Cut_NeedsLock(head);
            readers.RemoveWhere(static reader => reader.IsCut);
            passed = Passed_NeedsLock();
        }

        ReturnPassed(passed);
    }
}
