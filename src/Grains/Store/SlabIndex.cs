using System.Numerics;

namespace Granary.Grains.Store;

/// <summary>
/// Which slabs have a free node of which size. The lowest slab that can serve is taken, even if another has a closer fit: so high slabs
/// run empty and can be let go. (The closest fit of all slabs keeps each slab pinned by a few small blocks for ever.)
/// </summary>
internal sealed class SlabIndex(int orders, int slabs)
{
    private readonly ulong[][] _slabsWith = [.. Enumerable.Range(0, orders).Select(_ => new ulong[(slabs + 63) / 64])];
    private readonly int[] _firstWord = new int[orders]; // no slab in a word before it
    private readonly int[] _counts = new int[orders];

    /// <summary>Bit k is set when some slab has a free node of order k.</summary>
    public uint Orders { get; private set; }

    /// <summary>Takes note of what changed in a slab whose free orders were <paramref name="before"/>.</summary>
    public void Update(int slab, uint before, uint after)
    {
        for (var changed = before ^ after; changed != 0; changed &= changed - 1)
            Flip(BitOperations.TrailingZeroCount(changed), slab);
    }

    /// <summary>The lowest slab with a free node of <paramref name="order"/> or above; there must be one.</summary>
    public int Lowest(int order)
    {
        var lowest = int.MaxValue;
        for (var left = Orders >> order << order; left != 0; left &= left - 1)
            lowest = Math.Min(lowest, First(BitOperations.TrailingZeroCount(left)));
        return lowest;
    }

    private int First(int order)
    {
        ref var word = ref _firstWord[order];
        word += _slabsWith[order].AsSpan(word).IndexOfAnyExcept(0ul);
        return (word << 6) + BitOperations.TrailingZeroCount(_slabsWith[order][word]);
    }

    private void Flip(int order, int slab)
    {
        var bit = 1ul << slab;
        ref var word = ref _slabsWith[order][slab >> 6];
        word ^= bit;
        _counts[order] += (word & bit) != 0 ? 1 : -1;
        _firstWord[order] = Math.Min(_firstWord[order], slab >> 6);
        Orders = _counts[order] == 0 ? Orders & ~(1u << order) : Orders | 1u << order;
    }
}
