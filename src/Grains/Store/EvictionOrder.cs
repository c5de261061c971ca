namespace Granary.Grains.Store;

/// <summary>
/// Who goes when room is needed: S3-FIFO (Yang, Zhang, Qiu, Yue, Vinayak, <i>FIFO queues are all you need for cache eviction</i>, SOSP '23).
/// <para>
/// A newcomer joins the <i>small</i> queue, a tenth of all bytes. When it comes to the end of it, it moves to the <i>main</i> queue if it was
/// asked for more than once meanwhile; else it goes and only its fingerprint stays, in the <i>ghost</i> queue. If it comes back while
/// remembered there it joins the main queue at once. At the end of the main queue one that was asked for goes round again with
/// its frequency, two bits, reduced by one.
/// </para>
/// <para>
/// <b>Guaranteed.</b> What is asked for once, however much of it comes, passes through the small queue: a scan costs the main queue nothing
/// once it holds nine tenths. A hit writes at most one counter and moves nothing. Each step either ends the search, lowers a frequency, moves
/// one from small to main, or uses up patience, so it ends. <b>Size.</b> Queues are measured in bytes, and a large response has to be asked
/// for as often as the counter can tell before it may displace many small ones. <b>Not evicted</b> is what would free nothing: a content
/// under way joins no queue before it is complete, and one being read goes round; after many of those the other queue is searched, and
/// after many more there is no victim, rather than a search through all.
/// </para>
/// Everything here needs the store's lock, but for <see cref="IsInMain"/>.
/// </summary>
internal sealed class EvictionOrder(long capacity)
{
    private const int Patience = 256;
    private readonly ResidentQueue _small = new(QueueName.Small);
    private readonly ResidentQueue _main = new(QueueName.Main);
    private readonly GhostQueue _ghost = new(capacity / (8 << 10));

    public long MemoryBytes => _ghost.MemoryBytes;

    private int Count => _small.Count + _main.Count;

    public void Add(Content resident) =>
        (_ghost.TryTake(resident.Record!.Key, Math.Max(64, Count)) ? _main : _small).Enqueue(resident);

    /// <summary>It was asked for more than once while it was a newcomer. As far as can be seen without the lock.</summary>
    public bool IsInMain(Content resident) => _main.Has(resident);

    public void Remove(Content resident) => QueueOf(resident)?.Remove(resident);

    /// <summary>It has so many bytes of metadata now, whether or not it waits.</summary>
    public void Resize(Content resident, long metadataBytes)
    {
        if (QueueOf(resident) is { } queue) queue.Resize(resident, metadataBytes);
        else resident.MetadataBytes = metadataBytes;
    }

    public void Clear() => _ghost.Clear();

    /// <summary>Finds who goes next and takes it out of its queue; null if nobody's going would free anything.</summary>
    public Content? TakeVictim()
    {
        for (var patience = Patience; patience > 0 && Count > 0;)
        {
            var queue = Choose(otherwise: patience <= Patience / 2);
            var oldest = queue.Oldest!;
            queue.Remove(oldest);
            if (queue == _small && IsProven(oldest)) Promote(oldest);
            else if (queue == _main && oldest.Frequency > 0) GoRound(oldest);
            else if (oldest.IsIdle) return Dismiss(oldest, queue);
            else
            {
                queue.Enqueue(oldest);
                patience--;
            }
        }

        return null;
    }

    private ResidentQueue? QueueOf(Content resident) => _main.Has(resident) ? _main : _small.Has(resident) ? _small : null;

    private ResidentQueue Choose(bool otherwise)
    {
        if (_small.Count == 0) return _main;
        if (_main.Count == 0) return _small;
        return _small.Bytes * 10 >= _small.Bytes + _main.Bytes != otherwise ? _small : _main;
    }

    // More than once, as in the paper; three times for what takes more than a sixty-fourth of all.
    private bool IsProven(Content resident) => resident.Frequency > (resident.EvictableBytes > capacity / 64 ? 2 : 1);

    private void Promote(Content resident)
    {
        resident.Frequency = 0;
        _main.Enqueue(resident);
    }

    private void GoRound(Content resident)
    {
        resident.Frequency--;
        _main.Enqueue(resident);
    }

    private Content Dismiss(Content resident, ResidentQueue from)
    {
        if (from == _small) _ghost.Add(resident.Record!.Key);
        return resident;
    }
}
