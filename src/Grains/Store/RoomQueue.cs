namespace Granary.Grains.Store;

/// <summary>
/// Contents whose writer waits for room, first come, first served. A writer queues and then looks again; whoever frees memory does so and
/// then wakes one: so a block that is free never meets a writer that sleeps. Each block freed wakes one writer, and a writer that
/// was woken and is done wakes the next.
/// </summary>
internal sealed class RoomQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<Content> _waiting = new();
    private volatile int _count;

    /// <summary>False if it is in the queue already.</summary>
    public bool Enqueue(Content content)
    {
        lock (_gate)
        {
            if (content.IsQueuedForRoom) return false;
            content.IsQueuedForRoom = true;
            _waiting.Enqueue(content);
            _count = _waiting.Count;
            return true;
        }
    }

    public void WakeOne()
    {
        while (_count > 0 && TryDequeue() is { } content)
            if (content.WakeWriter()) return;
    }

    private Content? TryDequeue()
    {
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out var content)) return null;
            content.IsQueuedForRoom = false;
            _count = _waiting.Count;
            return content;
        }
    }
}
