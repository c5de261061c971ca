using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Numerics;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Reusability;

namespace Granary.Edge.Figures;

/// <summary>
/// Requests by what the cache did with them, in the words of RFC 9211 §2, and the content that the heads of their answers announced. On the way of every request: nothing is allocated, and each processor
/// counts in a lane of its own; the lanes are put together by whoever reads.
/// </summary>
internal sealed class OutcomeFigures
{
    /// <summary>The last is for answers that are no cache's matter: redirections, refusals, errors of the proxy.</summary>
    public static ImmutableArray<string> Words { get; } = ["hit", .. Enum.GetValues<ForwardReason>().Select(static why => why.Token()), "none"];

    private const int MostLanes = 64;

    // 256 bytes: no two lanes are in one cache line.
    private const int Lane = 32;

    private readonly long[] _counts;
    private readonly int _lanes;

    public OutcomeFigures(IMeterFactory meters)
    {
        _lanes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MostLanes));
        _counts = new long[_lanes * Lane];
        var meter = meters.Create("Granary.Edge");
        meter.CreateObservableCounter("granary.requests", () => Requests(Read()), description: "Requests, by what the cache did with them (RFC 9211).");
        meter.CreateObservableCounter("granary.responses.content", () => Content(Read()), "By", "Content of answers as their heads announce it, by what the cache did; what is sent without a Content-Length is not in it.");
    }

    /// <summary>The place of its word among <see cref="Words"/>.</summary>
    public static int IndexOf(CacheStatus status) => status.Hit ? 0 : status.Fwd is { } why ? 1 + (int)why : Words.Length - 1;

    /// <param name="content">Bytes that the head announces; 0 where it says nothing.</param>
    public void Count(int word, bool isCollapsed, long content)
    {
        var lane = (Thread.GetCurrentProcessorId() & (_lanes - 1)) * Lane;
        Interlocked.Increment(ref _counts[lane + word * 3 + (isCollapsed ? 1 : 0)]);
        if (content > 0) Interlocked.Add(ref _counts[lane + word * 3 + 2], content);
    }

    /// <summary>Since the start, in the order of <see cref="Words"/>.</summary>
    public ImmutableArray<OutcomeCount> Read() =>
        [.. Enumerable.Range(0, Words.Length).Select(word => new OutcomeCount(Sum(word * 3), Sum(word * 3 + 1), Sum(word * 3 + 2)))];

    private long Sum(int place)
    {
        var sum = 0L;
        for (var lane = 0; lane < _lanes; lane++) sum += Volatile.Read(ref _counts[lane * Lane + place]);
        return sum;
    }

    private static IEnumerable<Measurement<long>> Requests(ImmutableArray<OutcomeCount> counts)
    {
        foreach (var (word, count) in counts.Index())
        {
            if (count.Alone > 0) yield return new(count.Alone, Cache(word), new("collapsed", false));
            if (count.Collapsed > 0) yield return new(count.Collapsed, Cache(word), new("collapsed", true));
        }
    }

    private static IEnumerable<Measurement<long>> Content(ImmutableArray<OutcomeCount> counts)
    {
        foreach (var (word, count) in counts.Index())
            if (count.Content > 0) yield return new(count.Content, Cache(word));
    }

    private static KeyValuePair<string, object?> Cache(int word) => new("cache", Words[word]);
}

/// <param name="Alone">Requests that joined no fetch of others.</param>
/// <param name="Collapsed">Requests that did.</param>
/// <param name="Content">Bytes.</param>
internal readonly record struct OutcomeCount(long Alone, long Collapsed, long Content)
{
    public long Requests => Alone + Collapsed;

    public static OutcomeCount operator -(OutcomeCount now, OutcomeCount then) => new(now.Alone - then.Alone, now.Collapsed - then.Collapsed, now.Content - then.Content);
}
