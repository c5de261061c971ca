namespace Granary.Grains.Store;

/// <summary>A stored response in its place among those to be evicted. All but its frequency changes under the store's lock.</summary>
internal sealed class Resident(KeyRecord record, StoredVariant variant)
{
    public const int Saturated = 3;

    private int _metadataBytes;
    private byte _frequency;

    public KeyRecord Record { get; } = record;

    public StoredVariant Variant { get; set; } = variant;

    public Content Content => Variant.Content;

    /// <summary>What is reserved for its metadata.</summary>
    public long MetadataBytes
    {
        get => _metadataBytes;
        set => _metadataBytes = checked((int)value);
    }

    /// <summary>What evicting it would free, as far as known when it was last counted.</summary>
    public long Bytes { get; set; }

    public QueueName Queue { get; set; }

    public Resident? Newer { get; set; }

    public Resident? Older { get; set; }

    public int Frequency
    {
        get => Volatile.Read(ref _frequency);
        set => Volatile.Write(ref _frequency, (byte)value);
    }

    /// <summary>Two bits, not interlocked: an access that is lost to a race changes nothing that matters.</summary>
    public void Touch()
    {
        var frequency = Frequency;
        if (frequency < Saturated) Frequency = frequency + 1;
    }
}

/// <summary>Where a stored response waits to be evicted.</summary>
internal enum QueueName : byte
{
    None,
    Small,
    Main,
}
