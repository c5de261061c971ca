using System.IO.Hashing;
using System.Numerics;
using Granary.Edge.Listening.Repeats;

namespace Granary.Edge.Delivery.Hits;

/// <summary>Requests by the bytes of their heads, in bounded memory: of those that fall together one is kept until it is to be read again, and one that is not here is read.</summary>
internal sealed class RepeatedTable
{
    /// <summary>About what one costs, the head of the request and that of the answer with it, in bytes.</summary>
    private const int BytesEach = 2048;

    private readonly RepeatedHit?[] _places;
    private readonly uint[] _come;

    // Nobody outside can choose what falls together.
    private readonly long _seed = Random.Shared.NextInt64();

    /// <param name="budget">Memory for what is stored, in bytes: one place for each 64 KiB of it, 16 to 65,536.</param>
    public RepeatedTable(long budget)
    {
        _places = new RepeatedHit?[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(budget >> 16, 16, 65_536))];
        _come = new uint[_places.Length];
    }

    /// <summary>What all may take, in bytes.</summary>
    public long Bytes => (long)_places.Length * (BytesEach + sizeof(uint));

    public ulong HashOf(ReadOnlySpan<byte> head) => XxHash3.HashToUInt64(head, _seed);

    public RepeatedHit? Find(in ArrivedHead head) =>
        Volatile.Read(ref _places[Place(head.Hash)]) is { } known && ReferenceEquals(known.Listener, head.Listener) && head.Bytes.SequenceEqual(known.Head) ? known : null;

    /// <param name="now">As the clock counts.</param>
    public void Put(RepeatedHit hit, ulong hash, long now)
    {
        ref var place = ref _places[Place(hash)];
        if (Volatile.Read(ref place) is { } other && now < other.Until && !hit.Head.AsSpan().SequenceEqual(other.Head)) return; // two that are hot do not drive each other out
        Volatile.Write(ref place, hit);
    }

    /// <summary>Whether the one that came last to this place was the same.</summary>
    public bool HasCome(ulong hash)
    {
        ref var last = ref _come[Place(hash)];
        var tag = (uint)(hash >> 32);
        if (last == tag) return true;
        last = tag;
        return false;
    }

    private int Place(ulong hash) => (int)hash & (_places.Length - 1);
}
