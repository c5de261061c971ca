using System.IO.Hashing;
using System.Text;

namespace Granary.Grains.Placement;

/// <summary>
/// Rendezvous (highest random weight) hashing, Thaler and Ravishankar 1998: who ranks how high for a key follows from key and name alone, so everybody computes
/// the same without asking, and a member that comes or goes moves only its own share.
/// </summary>
public static class Rendezvous
{
    /// <summary>The weight of a member for a key. Part of what the members of a cluster must agree about: it never changes.</summary>
    public static ulong Weight(string name, ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name)));

    /// <summary>The members by falling weight for this key: the owner, its stand-in, and so on. Equal weights by name.</summary>
    public static T[] Rank<T>(string key, IReadOnlyCollection<T> members, Func<T, string> name)
    {
        ArgumentNullException.ThrowIfNull(members);
        var bytes = Encoding.UTF8.GetBytes(key);
        return [.. members.OrderByDescending(member => Weight(name(member), bytes)).ThenBy(name, StringComparer.Ordinal)];
    }
}
