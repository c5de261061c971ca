using System.Numerics;

namespace Granary.Grains.Store;

/// <summary>
/// All memory of the store and the ledger of its budget. Invariant, at every moment: slabs allocated + bytes reserved for
/// metadata ≤ budget. Slabs are allocated when first needed and then kept, because returning memory to the system and
/// taking it again costs more than it gains; only metadata that needs the room makes a wholly free slab go.
/// A sixteenth of the budget is never given to slabs, so that large contents cannot leave metadata without any room.
/// </summary>
internal sealed class SegmentArena
{
    private readonly Lock _gate = new();
    private readonly long _budget;
    private readonly Slab?[] _slabs;
    private readonly SlabIndex _index;
    private readonly Stack<int> _vacant;
    private long _reserved;
    private long _inUse;
    private int _allocated;

    public SegmentArena(long budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, MinBudget);
        _budget = budget;
        SlabBytes = (int)Math.Min(1 << 20, (long)BitOperations.RoundUpToPowerOf2((ulong)budget / 16 + 1));
        _slabs = new Slab?[(int)Math.Min(int.MaxValue / 2, (budget - budget / 16) / SlabBytes)];
        _index = new SlabIndex(BitOperations.Log2((uint)(SlabBytes / Slab.Unit)) + 1, _slabs.Length);
        _vacant = new Stack<int>(Enumerable.Range(0, _slabs.Length).Reverse());
    }

    /// <summary>Below this a slab could not hold a whole segment.</summary>
    public const long MinBudget = 1 << 20;

    public int SlabBytes { get; }

    /// <summary>Bytes of blocks handed out.</summary>
    public long InUse => Volatile.Read(ref _inUse);

    /// <summary>Bytes reserved for metadata.</summary>
    public long Reserved => Volatile.Read(ref _reserved);

    /// <summary>Bytes of slabs allocated, used or not.</summary>
    public long Allocated => (long)Volatile.Read(ref _allocated) * SlabBytes;

    /// <summary>Hands out one contiguous block of at least <paramref name="bytes"/>; false when none is free.</summary>
    public bool TryRent(int bytes, out Block block) => TryRent(bytes, bytes, out block);

    /// <summary>
    /// As above, but rather than nothing the largest free block that is smaller, down to <paramref name="least"/> bytes: so a
    /// fragmented arena still serves all its free bytes.
    /// </summary>
    public bool TryRent(int bytes, int least, out Block block)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, SlabBytes);
        var units = UnitsFor(bytes);
        var order = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)units));
        lock (_gate)
        {
            var largest = BitOperations.Log2(_index.Orders | 1);
            if (_index.Orders >> order != 0 || TryAddSlab()) block = Take(order, units);
            else if (_index.Orders != 0 && Slab.Unit << largest >= least) block = Take(largest, 1 << largest);
            else block = default;
        }

        return block.Length > 0;
    }

    public void Return(Block block) => Shrink(block, 0);

    /// <summary>Gives back what follows the first <paramref name="kept"/> bytes; returns what is left of the block.</summary>
    public Block Shrink(Block block, int kept)
    {
        kept = UnitsFor(kept) * Slab.Unit;
        if (kept >= block.Length) return block;
        lock (_gate)
        {
            var before = block.Slab.FreeOrders;
            block.Slab.Shrink(block.Offset, block.Length, kept);
            _index.Update(block.Slab.Index, before, block.Slab.FreeOrders);
            _inUse -= block.Length - kept;
        }

        return block with { Length = kept };
    }

    /// <summary>Sets budget aside for metadata; false when there is none.</summary>
    public bool TryReserve(long bytes)
    {
        lock (_gate)
        {
            while (Allocated + _reserved + bytes > _budget)
                if (!TryDropSlab()) return false;
            _reserved += bytes;
            return true;
        }
    }

    public void Unreserve(long bytes)
    {
        lock (_gate) _reserved -= bytes;
    }

    private static int UnitsFor(int bytes) => (bytes + Slab.Unit - 1) / Slab.Unit;

    private Block Take(int order, int units)
    {
        var slab = _slabs[_index.Lowest(order)]!;
        var before = slab.FreeOrders;
        var block = slab.Take(order + BitOperations.TrailingZeroCount(before >> order), units);
        _index.Update(slab.Index, before, slab.FreeOrders);
        _inUse += block.Length;
        return block;
    }

    private bool TryAddSlab()
    {
        if (Allocated + SlabBytes + _reserved > _budget || !_vacant.TryPop(out var index)) return false;
        var slab = _slabs[index] = new Slab(index, SlabBytes);
        _index.Update(index, 0, slab.FreeOrders);
        _allocated++;
        return true;
    }

    private bool TryDropSlab()
    {
        var whole = BitOperations.Log2((uint)(SlabBytes / Slab.Unit));
        if ((_index.Orders >> whole & 1) == 0) return false;
        var slab = _slabs[_index.Lowest(whole)]!;
        _index.Update(slab.Index, slab.FreeOrders, 0);
        _slabs[slab.Index] = null;
        _vacant.Push(slab.Index);
        _allocated--;
        return true;
    }
}
