namespace Granary.Grains.Store;

public sealed partial class ResponseStore
{
    // Smaller pieces than this cost more in bookkeeping than they are worth.
    private const int LeastPiece = 1 << 10;

    // How many may go to keep a content in few pieces; after that, pieces.
    private const int EvictionsForShape = 8;

    /// <summary>
    /// Finds room for a segment, evicting others if need be; false if there is none. It may be shorter than asked for: a quarter rather than
    /// evicting one more, anything when free memory is scattered, but not at once, or a full store would end up in crumbs.
    /// </summary>
    internal bool TryRent(int bytes, out Block block)
    {
        var least = Math.Min(bytes, LeastPiece);
        for (var evictions = 0; ; evictions++)
        {
            if (Arena.TryRent(bytes, evictions < EvictionsForShape ? Math.Max(least, bytes / 4) : least, out block)) return true;
            if (!TryEvict()) return Arena.TryRent(bytes, least, out block);
        }
    }

    internal void Return(Block block)
    {
        Arena.Return(block);
        MayHaveRoom();
    }

    /// <summary>Something was freed or became evictable: one of those that wait for room looks again.</summary>
    internal void MayHaveRoom() => _room.WakeOne();

    internal bool QueueForRoom(Content content) => _room.Enqueue(content);

    /// <summary>The content is complete: now it counts with all its bytes and may be evicted.</summary>
    internal void Completed(Content content)
    {
        lock (_gate)
            if (content.IsStored) Count_NeedsLock(content, content.MetadataBytes);
        MayHaveRoom();
    }

    /// <summary>The content cannot be stored any more: so what was stored with it goes.</summary>
    internal void Lost(Content content)
    {
        Gone? gone = null;
        lock (_gate)
            if (content.IsStored) gone = Detach_NeedsLock(content);
        if (gone is { } left) Leave([left]);
    }

    internal void Forget(Content content) => _contents.Remove(content);

    private bool TryReserve(long bytes)
    {
        while (!Arena.TryReserve(bytes))
            if (!TryEvict()) return false;
        return true;
    }

    private bool TryEvict()
    {
        Gone? gone = null;
        lock (_gate)
            if (_order.TakeVictim() is { } victim) gone = Detach_NeedsLock(victim);
        if (gone is not { } left) return false;
        Interlocked.Increment(ref _evictions);
        Leave([left]);
        return true;
    }
}
