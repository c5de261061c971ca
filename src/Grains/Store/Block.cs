namespace Granary.Grains.Store;

/// <summary>A part of one slab, handed out by <see cref="SegmentArena"/>: a multiple of 256 bytes, contiguous.</summary>
internal readonly record struct Block(Slab Slab, int Offset, int Length)
{
    public Memory<byte> Memory => Slab.Bytes.AsMemory(Offset, Length);
}
