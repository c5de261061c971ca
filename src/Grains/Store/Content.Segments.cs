namespace Granary.Grains.Store;

public sealed partial class Content
{
    private const int FirstSegment = 4 << 10;
    private const int LargestSegment = 64 << 10;

    private Memory<byte> Rest()
    {
        var rest = _tail!.Block.Memory[(int)(_arrived - _tail.Start)..];
        return _declared >= 0 && rest.Length > _declared - _arrived ? rest[..(int)(_declared - _arrived)] : rest;
    }

    private bool TryAppend()
    {
        var arrival = _arrival!; // the writer has not ended
        arrival.WaitsForRoom = false;
        while (true)
        {
            var size = NextSegmentSize();
            if (!_retained && !FitsWindow(size)) return false;
            if (_store.TryRent(size, out var block))
            {
                Append(block);
                return true;
            }

            arrival.WaitsForRoom = !_retained;
            if (arrival.WaitsForRoom) return false;
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
        lock (this) return _head == _tail || _arrival!.Kept + size <= _store.Options.WindowBytes;
    }

    private void Append(Block block)
    {
        var segment = new ContentSegment(block, _tail?.End ?? 0);
        ContentSegment? passed;
        lock (this)
        {
            if (_tail is null) _head = segment;
            else _tail.Next = segment;
            _tail = segment;
            _arrival!.Kept += block.Length;
            Seat_NeedsLock(segment);
            passed = Passed_NeedsLock();
        }

        ReturnPassed(passed);
    }

    // Readers opened beyond the end of what there was now have a place.
    private void Seat_NeedsLock(ContentSegment segment)
    {
        if (_arrival?.Readers is not { } readers) return;
        foreach (var reader in readers)
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
        var before = tail.Block.Length;
        tail.Block = _store.Arena.Shrink(tail.Block, Math.Max(1, used));
        _arrival!.Kept += tail.Block.Length - before;
    }
}
