namespace Granary.Grains.Tests.Store;

/// <summary>Requests as the literature models them: popularity by Zipf's law, and some keys that are asked for once and never again.</summary>
internal static class Trace
{
    public static string[] Zipf(int keys, double skew, double wonders, int length, int seed)
    {
        var random = new Random(seed);
        var cumulative = new double[keys];
        for (var (i, sum) = (0, 0.0); i < keys; i++) cumulative[i] = sum += 1 / Math.Pow(i + 1, skew);
        return [.. Enumerable.Range(0, length).Select(i => random.NextDouble() < wonders ? $"once{i}" : $"key{Rank()}")];

        int Rank()
        {
            var at = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
            return at < 0 ? ~at : at;
        }
    }
}

/// <summary>What the store's eviction is compared with.</summary>
internal static class LeastRecentlyUsed
{
    public static int Hits(string[] trace, int capacity)
    {
        var (order, nodes, hits) = (new LinkedList<string>(), new Dictionary<string, LinkedListNode<string>>(), 0);
        foreach (var key in trace)
        {
            if (nodes.Remove(key, out var node))
            {
                hits++;
                order.Remove(node);
            }
            else if (nodes.Count == capacity)
            {
                nodes.Remove(order.Last!.Value);
                order.RemoveLast();
            }

            nodes[key] = order.AddFirst(key);
        }

        return hits;
    }
}
