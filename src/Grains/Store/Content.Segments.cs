namespace Granary.Grains.Store;

public sealed partial class Content
{
    private const int FirstSegment = 4 << 10;
    private const int LargestSegment = 64 << 10;

    private Memory<byte> Rest()
    {
        var (tail, declared) = (_arrival!.Tail!, _arrival.Declared);
        var rest = tail.Block.Memory[(int)(_arrived - tail.Start)..];
        return declared >= 0 && rest.Length > declared - _arrived ? rest[..(int)(declared - _arrived)] : rest;
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
        var arrival = _arrival!;
        if (arrival.Declared >= 0) return (int)Math.Min(arrival.Declared - _arrived, largest);
        return arrival.Tail is { } tail ? Math.Clamp(tail.Block.Length * 2, FirstSegment, largest) : FirstSegment;
    }

    private bool FitsWindow(int size)
    {
        lock (this) return _head == _arrival!.Tail || _arrival.Kept + size <= _store.Options.WindowBytes;
    }

    private void Append(Block block)
    {
        var arrival = _arrival!;
        var segment = new ContentSegment(block, arrival.Tail?.End ?? 0);
        ContentSegment? passed;
        lock (this)
        {
            if (arrival.Tail is null) _head = segment;
            else arrival.Tail.Next = segment;
            arrival.Tail = segment;
            arrival.Kept += block.Length;
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
        if (_arrival is not { Tail: { } tail } arrival) return;
        var used = (int)(_arrived - tail.Start);
        var before = tail.Block.Length;
        tail.Block = _store.Arena.Shrink(tail.Block, Math.Max(1, used));
        arrival.Kept += tail.Block.Length - before;
    }
}
