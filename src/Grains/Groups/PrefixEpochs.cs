using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <summary>
/// Prefixes of URIs and the numbers of their last invalidations; immutable. Sorted by characters, a prefix of a URI is the URI's predecessor or one of the prefixes of that:
/// so one binary search and a walk up finds the longest that matches, and with it the highest number of all that do.
/// </summary>
internal sealed class PrefixEpochs
{
    public static readonly PrefixEpochs None = new([]);

    private readonly KeyValuePair<string, long>[] _sorted;
    private readonly int[] _parents;
    private readonly long[] _highest;

    private PrefixEpochs(KeyValuePair<string, long>[] sorted)
    {
        (_sorted, _parents, _highest) = (sorted, new int[sorted.Length], new long[sorted.Length]);
        for (var i = 0; i < sorted.Length; i++)
        {
            var parent = Above(i - 1, sorted[i].Key);
            _parents[i] = parent;
            _highest[i] = parent < 0 ? sorted[i].Value : Math.Max(sorted[i].Value, _highest[parent]);
        }
    }

    public int Count => _sorted.Length;

    public ImmutableArray<string> Prefixes => [.. _sorted.Select(static one => one.Key)];

    public ImmutableArray<long> Numbers => [.. _sorted.Select(static one => one.Value)];

    /// <summary>The one that was invalidated longest ago.</summary>
    public KeyValuePair<string, long> Oldest => _sorted.MinBy(static one => one.Value);

    /// <summary>The number of the last invalidation of a prefix of this URI; 0 if there was none.</summary>
    public long LastOf(string uri)
    {
        var at = Above(Predecessor(uri), uri);
        return at < 0 ? 0 : _highest[at];
    }

    /// <summary>What it makes needless is dropped: longer prefixes with lower numbers.</summary>
    public PrefixEpochs With(string prefix, long number)
    {
        if (LastOf(prefix) >= number) return this;
        var kept = _sorted.Where(one => one.Value > number || !one.Key.StartsWith(prefix, StringComparison.Ordinal));
        return new PrefixEpochs([.. kept.Append(new(prefix, number)).OrderBy(static one => one.Key, StringComparer.Ordinal)]);
    }

    public PrefixEpochs After(long number) => Count == 0 ? this : new PrefixEpochs([.. _sorted.Where(one => one.Value > number)]);

    // The first of those from there upwards that the URI begins with.
    private int Above(int at, string uri)
    {
        while (at >= 0 && !uri.StartsWith(_sorted[at].Key, StringComparison.Ordinal)) at = _parents[at];
        return at;
    }

    private int Predecessor(string uri)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(_sorted[middle].Key, uri) <= 0) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}
