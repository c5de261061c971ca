using System.Numerics;

namespace Granary.Edge.Delivery.Hits;

/// <summary>Prepared hits, in bounded memory: those that fall together take each other's place, and what is not here is made again by the next request that goes the whole way.</summary>
internal sealed class PreparedHits
{
    /// <summary>About what one costs beside what is stored, in bytes.</summary>
    private const int BytesEach = 1024;

    private readonly PreparedHit?[] _places;

    /// <param name="budget">Memory for what is stored, in bytes: one place for each 64 KiB of it, 16 to 16,384.</param>
    public PreparedHits(long budget) => _places = new PreparedHit?[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(budget >> 16, 16, 16_384))];

    /// <summary>What they may take, in bytes.</summary>
    public long Bytes => (long)_places.Length * BytesEach;

    public PreparedHit? Find(string host, string target) => Volatile.Read(ref _places[Place(host, target)]);

    public void Put(PreparedHit hit) => Volatile.Write(ref _places[Place(hit.Asked.Host, hit.Asked.Target)], hit);

    // Seeded by the runtime: nobody outside can choose what falls together.
    private int Place(string host, string target) => HashCode.Combine(host.GetHashCode(StringComparison.Ordinal), target.GetHashCode(StringComparison.Ordinal)) & (_places.Length - 1);
}
