using System.Runtime.InteropServices;

namespace Granary.Grains.Store;

/// <summary>A part of one slab, handed out by <see cref="SegmentArena"/>: a multiple of 256 bytes, contiguous.</summary>
internal readonly record struct Block(Slab Slab, int Offset, int Length)
{
    public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(Slab.Bytes, Offset, Length);
}
