using System.Numerics;

namespace Granary.Grains.Store;

/// <summary>Which slabs have a free node of which size. The lowest slab is found first, so that high slabs run empty and can be let go.</summary>
internal sealed class SlabIndex(int orders, int slabs)
{
    private readonly ulong[][] _slabsWith = [.. Enumerable.Range(0, orders).Select(_ => new ulong[(slabs + 63) / 64])];
    private readonly int[] _counts = new int[orders];

    /// <summary>Bit k is set when some slab has a free node of order k.</summary>
    public uint Orders { get; private set; }

    /// <summary>Takes note of what changed in a slab whose free orders were <paramref name="before"/>.</summary>
    public void Update(int slab, uint before, uint after)
    {
        for (var changed = before ^ after; changed != 0; changed &= changed - 1)
            Flip(BitOperations.TrailingZeroCount(changed), slab);
    }

    public int First(int order)
    {
        var words = _slabsWith[order];
        var word = words.AsSpan().IndexOfAnyExcept(0ul);
        return (word << 6) + BitOperations.TrailingZeroCount(words[word]);
    }

    private void Flip(int order, int slab)
    {
        var bit = 1ul << slab;
        ref var word = ref _slabsWith[order][slab >> 6];
        word ^= bit;
        _counts[order] += (word & bit) != 0 ? 1 : -1;
        Orders = _counts[order] == 0 ? Orders & ~(1u << order) : Orders | 1u << order;
    }
}
