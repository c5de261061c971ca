namespace Granary.Grains.Store;

/// <summary>First in, first out, by links in the residents themselves: joining, leaving and moving allocate nothing.</summary>
internal sealed class ResidentQueue(QueueName name)
{
    private Content? _newest;

    public Content? Oldest { get; private set; }

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public bool Has(Content resident) => resident.Queue == name;

    public void Enqueue(Content resident)
    {
        (resident.Queue, resident.Older, resident.Newer) = (name, _newest, null);
        if (_newest is null) Oldest = resident;
        else _newest.Newer = resident;
        _newest = resident;
        Count++;
        Bytes += resident.EvictableBytes;
    }

    public void Remove(Content resident)
    {
        if (resident.Newer is null) _newest = resident.Older;
        else resident.Newer.Older = resident.Older;
        if (resident.Older is null) Oldest = resident.Newer;
        else resident.Older.Newer = resident.Newer;
        (resident.Queue, resident.Older, resident.Newer) = (QueueName.None, null, null);
        Count--;
        Bytes -= resident.EvictableBytes;
    }

    /// <summary>One of them has other metadata.</summary>
    public void Resize(Content resident, long metadataBytes)
    {
        Bytes += metadataBytes - resident.MetadataBytes;
        resident.MetadataBytes = metadataBytes;
    }
}
