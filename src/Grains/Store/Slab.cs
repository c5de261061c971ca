using System.Numerics;

namespace Granary.Grains.Store;

/// <summary>
/// One pinned array, divided by a binary buddy scheme (Knuth, TAOCP 1, §2.5). Nodes are numbered as in a heap: 1 is the whole
/// slab, node n divides into 2n and 2n+1, so the buddy of n is n^1. A node is free, taken, divided, or inside one that is.
/// A block need not be a power of two: it is a prefix of an aligned node, made of the nodes of its binary digits, and what is left
/// over stays free. So 1,100 bytes take 1024 + 256, side by side. Not thread-safe: the arena's lock covers it.
/// </summary>
internal sealed class Slab
{
    public const int Unit = 256;

    private readonly int _topOrder;
    private readonly ulong[] _free;
    private readonly ulong[] _taken;
    private readonly int[] _freeNodes;

    public Slab(int index, int bytes)
    {
        Index = index;
        Bytes = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        _topOrder = BitOperations.Log2((uint)(bytes / Unit));
        _free = new ulong[Math.Max(1, bytes / Unit * 2 / 64)];
        _taken = new ulong[_free.Length];
        _freeNodes = new int[_topOrder + 1];
        MarkFree(1, _topOrder);
    }

    public int Index { get; }

    public byte[] Bytes { get; }

    /// <summary>Bit k is set when a free node of 256·2^k bytes exists.</summary>
    public uint FreeOrders { get; private set; }

    public bool IsWhollyFree => FreeOrders >> _topOrder != 0;

    /// <summary>Takes <paramref name="units"/> units from a free node of <paramref name="order"/>, which must exist and be large enough.</summary>
    public Block Take(int order, int units)
    {
        var node = FirstFree(order);
        UnmarkFree(node, order);
        var offset = (node - (1 << (_topOrder - order))) << order;
        Keep(node, order, units);
        return new Block(this, offset * Unit, units * Unit);
    }

    /// <summary>Gives a block back, and joins free buddies.</summary>
    public void Return(int offset, int length) => Shrink(offset, length, 0);

    /// <summary>Keeps the first <paramref name="kept"/> bytes of a block and gives back the rest.</summary>
    public void Shrink(int offset, int length, int kept)
    {
        var at = offset / Unit;
        var end = at + length / Unit;
        var keepEnd = at + kept / Unit;
        for (int order; at < end; at += 1 << order)
        {
            order = BitOperations.Log2((uint)(end - at));
            if (at + (1 << order) <= keepEnd) continue;
            var node = Release(at, order);
            if (at >= keepEnd) JoinAndFree(node, order);
            else Keep(node, order, keepEnd - at);
        }
    }

    // Of a node that is neither free nor taken: the first units become taken, the rest free.
    private void Keep(int node, int order, int units)
    {
        for (; units < 1 << order; order--)
        {
            var half = 1 << (order - 1);
            node *= 2;
            if (units <= half)
            {
                MarkFree(node + 1, order - 1);
                continue;
            }

            Set(_taken, node++);
            units -= half;
        }

        Set(_taken, node);
    }

    private int Release(int at, int order)
    {
        var node = (1 << (_topOrder - order)) + (at >> order);
        if (!Has(_taken, node)) throw new InvalidOperationException("A block was given back that is not handed out.");
        Clear(_taken, node);
        return node;
    }

    private void JoinAndFree(int node, int order)
    {
        for (; order < _topOrder && Has(_free, node ^ 1); order++)
        {
            UnmarkFree(node ^ 1, order);
            node >>= 1;
        }

        MarkFree(node, order);
    }

    private int FirstFree(int order)
    {
        var first = 1 << (_topOrder - order);
        if (first < 64) return BitOperations.TrailingZeroCount(_free[0] >> first << first);
        var word = first >> 6;
        while (_free[word] == 0) word++;
        return (word << 6) + BitOperations.TrailingZeroCount(_free[word]);
    }

    private void MarkFree(int node, int order)
    {
        Set(_free, node);
        if (++_freeNodes[order] == 1) FreeOrders |= 1u << order;
    }

    private void UnmarkFree(int node, int order)
    {
        Clear(_free, node);
        if (--_freeNodes[order] == 0) FreeOrders &= ~(1u << order);
    }

    private static bool Has(ulong[] bits, int node) => (bits[node >> 6] >> node & 1) != 0;

    private static void Set(ulong[] bits, int node) => bits[node >> 6] |= 1ul << node;

    private static void Clear(ulong[] bits, int node) => bits[node >> 6] &= ~(1ul << node);
}
