namespace Granary.Grains.Store;

/// <summary>Of a content that is stored: what it is stored as, and its place among those to be evicted. All but its frequency changes under the store's lock.</summary>
public sealed partial class Content
{
    internal const int Saturated = 3;

    private int _metadataBytes;
    private byte _frequency;

    /// <summary>Whether it is the content of a stored response.</summary>
    internal bool IsStored => Record is not null;

    /// <summary>That of its key; null if it is not stored.</summary>
    internal KeyRecord? Record { get; private set; }

    /// <summary>The stored response that this belongs to.</summary>
    internal StoredVariant? Variant { get; set; }

    /// <summary>What is reserved for its metadata.</summary>
    internal long MetadataBytes
    {
        get => _metadataBytes;
        set => _metadataBytes = checked((int)value);
    }

    /// <summary>What evicting it would free. Nothing of it changes while it is in a queue, but what <see cref="ResidentQueue"/> is told.</summary>
    internal long EvictableBytes => MetadataBytes + Math.Max(Length ?? 0, Arrived);

    internal QueueName Queue { get; set; }

    internal Content? Newer { get; set; }

    internal Content? Older { get; set; }

    internal int Frequency
    {
        get => Volatile.Read(ref _frequency);
        set => Volatile.Write(ref _frequency, (byte)value);
    }

    /// <summary>Two bits, not interlocked: an access that is lost to a race changes nothing that matters.</summary>
    internal void Touch()
    {
        var frequency = Frequency;
        if (frequency < Saturated) Frequency = frequency + 1;
    }

    internal void Enter(KeyRecord record, StoredVariant variant) => (Record, Variant, Frequency) = (record, variant, 0);

    internal void Leave() => (Record, Variant) = (null, null);
}

/// <summary>Where a stored response waits to be evicted.</summary>
internal enum QueueName : byte
{
    None,
    Small,
    Main,
}

/// <summary>What was stored a moment ago, with what is to be given back for it: the content may be stored anew by then.</summary>
internal readonly record struct Gone(Content Content, StoredVariant Variant, long MetadataBytes);
