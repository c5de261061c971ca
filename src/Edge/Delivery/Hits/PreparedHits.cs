using System.Numerics;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery.Hits;

/// <summary>Prepared hits, in bounded memory: of those that fall together the last two are kept, and what is not here is made again by the next request that goes the whole way.</summary>
internal sealed class PreparedHits
{
    /// <summary>About what one costs beside what is stored, in bytes.</summary>
    private const int BytesEach = 1024;

    private readonly PreparedHit?[] _places;

    /// <param name="budget">Memory for what is stored, in bytes: one place for each 64 KiB of it, 16 to 65,536.</param>
    public PreparedHits(long budget) => _places = new PreparedHit?[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(budget >> 16, 16, 65_536))];

    /// <summary>What they may take, in bytes.</summary>
    public long Bytes => (long)_places.Length * BytesEach;

    public PreparedHit? Find(string host, string target, StringValues condition)
    {
        var place = Place(host, target, condition);
        return Is(Volatile.Read(ref _places[place]), host, target, condition) ?? Is(Volatile.Read(ref _places[place ^ 1]), host, target, condition);
    }

    public void Put(PreparedHit hit)
    {
        var (host, target, condition) = (hit.Asked.Host, hit.Asked.Target, hit.Asked.Condition);
        var place = Place(host, target, condition);
        if (Volatile.Read(ref _places[place]) is { } other && Is(other, host, target, condition) is null) Volatile.Write(ref _places[place ^ 1], other);
        Volatile.Write(ref _places[place], hit);
    }

    private static PreparedHit? Is(PreparedHit? hit, string host, string target, StringValues condition) =>
        hit is not null && hit.Asked.Target == target && hit.Asked.Host == host && StringValues.Equals(hit.Asked.Condition, condition) ? hit : null;

    // Seeded by the runtime: nobody outside can choose what falls together.
    private int Place(string host, string target, StringValues condition) =>
        HashCode.Combine(host.GetHashCode(StringComparison.Ordinal), target.GetHashCode(StringComparison.Ordinal), condition.Count == 0 ? 0 : condition.GetHashCode()) & (_places.Length - 1);
}
