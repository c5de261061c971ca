namespace Granary.Grains.Store;

/// <summary>A block within a content, linked to the one after it. All but <see cref="Next"/> changes under the content's lock only.</summary>
internal sealed class ContentSegment(Block block, long start)
{
    private readonly int _length = block.Length;
    private ContentSegment? _next;

    public Block Block = block;

    /// <summary>Where in the content its first byte lies.</summary>
    public readonly long Start = start;

    /// <summary>Where the next segment starts. Fixed when the segment is made, though its unused tail may be given back later.</summary>
    public long End => Start + _length;

    /// <summary>Readers whose position is here; kept while the content may still be released behind them.</summary>
    public int Readers;

    /// <summary>Readers that were cut off here and may still be sending from the block.</summary>
    public int Pins;

    /// <summary>No longer part of the content; the block goes back when the last pin does.</summary>
    public bool IsDetached;

    public ContentSegment? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }
}
