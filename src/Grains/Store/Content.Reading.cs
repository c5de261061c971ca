namespace Granary.Grains.Store;

public sealed partial class Content
{
    private bool _opened;

    /// <summary>
    /// Opens a reader at <paramref name="offset"/>, which may not have arrived yet. Null if the content has been let go or has failed, if
    /// it is windowed and that offset has gone, or if there is no such offset.
    /// </summary>
    public ContentReader? TryOpenReader(long offset = 0)
    {
        ContentReader reader;
        ContentSegment? passed = null;
        bool frozen;
        lock (this)
        {
            if (_holds == 0 || _state == ContentState.Failed || offset < (_head?.Start ?? 0) || offset > Length) return null;
            Hold_NeedsLock();
            _opened = true;
            reader = new ContentReader(this, offset);
            frozen = IsFrozen;
            if (!frozen) passed = Admit_NeedsLock(reader);
        }

        if (frozen) reader.Segment = SegmentAt(offset); // a long walk, but nothing changes any more
        ReturnPassed(passed);
        return reader;
    }

    /// <summary>What lies there, for a reader that has no segment: then there is one block.</summary>
    internal ReadOnlyMemory<byte> Only(long from, long count) => _only.Memory.Slice((int)from, (int)count);

    /// <summary>Moves a reader that has read its segment to the end into the next one, if there is one.</summary>
    internal void Cross(ContentReader reader)
    {
        ContentSegment? passed = null;
        if (IsFrozen) reader.Segment = reader.Segment!.Next ?? reader.Segment;
        else
        {
            lock (this)
            {
                if (reader.IsCut) throw new IncompleteContentException(ContentFault.ReaderStalled);
                if (reader.Segment!.Next is { } next && _arrival?.Readers?.Contains(reader) == true)
                {
                    reader.Segment.Readers--;
                    next.Readers++;
                    reader.Segment = next;
                    passed = Passed_NeedsLock();
                }
                else if (IsFrozen) reader.Segment = reader.Segment.Next ?? reader.Segment;
            }
        }

        ReturnPassed(passed);
    }

    /// <summary>Puts a reader among those that wait; false if there is something for it now.</summary>
    internal bool TryWait(ContentReader reader)
    {
        lock (this)
        {
            if (_state != ContentState.Arriving || reader.Position < _arrived || reader.IsCut || _arrival is not { } arrival) return false;
            reader.NextWaiting = arrival.Waiting;
            arrival.Waiting = reader;
            return true;
        }
    }

    /// <summary>Takes a reader from those that wait; false if it was woken already.</summary>
    internal bool TryStopWaiting(ContentReader reader)
    {
        lock (this) return TryStopWaiting_NeedsLock(reader);
    }

    internal void Close(ContentReader reader)
    {
        ContentSegment? passed, pinned = null;
        bool gone;
        lock (this)
        {
            if (_arrival?.Readers?.Remove(reader) == true && reader.Segment is { } segment) segment.Readers--;
            if (reader.IsCut && reader.Segment is { } pin && --pin.Pins == 0 && pin.IsDetached) pinned = pin;
            passed = Passed_NeedsLock();
            gone = ReadersAreGone_NeedsLock();
        }

        if (pinned is not null) _store.Return(pinned.Block);
        if (gone) Collapse(ContentFault.ReadersGone); // before its writer finds place and goes on for nobody
        ReturnPassed(passed);
        Release();
    }

    private ContentSegment? Admit_NeedsLock(ContentReader reader)
    {
        (_arrival!.Readers ??= []).Add(reader); // it is not frozen
        reader.Segment = SegmentAt(reader.Position);
        if (reader.Segment is { } segment) segment.Readers++;
        return Passed_NeedsLock();
    }

    private ContentSegment? SegmentAt(long offset)
    {
        var segment = Volatile.Read(ref _head);
        while (segment is not null && segment.End <= offset) segment = segment.Next;
        return segment;
    }

    // All who wait and now have something to do: those behind what has arrived, or everybody at an end.
    private ContentReader? Woken_NeedsLock()
    {
        if (_arrival is not { } arrival) return null;
        ContentReader? woken = null, still = null;
        for (ContentReader? reader = arrival.Waiting, next; reader is not null; reader = next)
        {
            next = reader.NextWaiting;
            var wakes = _state != ContentState.Arriving || reader.Position < _arrived;
            (reader.NextWaiting, woken, still) = wakes ? (woken, reader, still) : (still, woken, reader);
        }

        arrival.Waiting = still;
        return woken;
    }

    private static void Wake(ContentReader? woken)
    {
        for (ContentReader? next; woken is not null; woken = next)
        {
            next = woken.NextWaiting;
            woken.Wake();
        }
    }

    private bool TryStopWaiting_NeedsLock(ContentReader reader)
    {
        if (_arrival is not { } arrival) return false;
        if (arrival.Waiting == reader)
        {
            arrival.Waiting = reader.NextWaiting;
            return true;
        }

        for (var before = arrival.Waiting; before is not null; before = before.NextWaiting)
        {
            if (before.NextWaiting != reader) continue;
            before.NextWaiting = reader.NextWaiting;
            return true;
        }

        return false;
    }
}
