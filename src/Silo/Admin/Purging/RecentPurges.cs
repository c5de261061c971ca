using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Granary.Silo.Admin.Purging;

/// <summary>The last purges that this process was asked for, newest first, for whoever looks; and of all of them how long they took.</summary>
public sealed class RecentPurges(TimeProvider clock, IMeterFactory meters)
{
    private const int Most = 32;

    private readonly Lock _gate = new();
    private readonly Histogram<double> _took = meters.Create("Granary.Purging").CreateHistogram<double>("granary.purge.duration", "s", "Until purges held everywhere, or it was clear that this could not be made sure of, by scope.");
    private ImmutableArray<RecentPurge> _all = [];

    public ImmutableArray<RecentPurge> All
    {
        get
        {
            lock (_gate) return _all;
        }
    }

    public void Note(string client, string kind, string what, bool isSoft, bool isDone, int? hit, TimeSpan took)
    {
        _took.Record(took.TotalSeconds, new KeyValuePair<string, object?>("scope", kind), new KeyValuePair<string, object?>("outcome", isDone ? "done" : "not-sure"));
        lock (_gate) _all = [new RecentPurge(clock.GetTimestamp(), client, kind, what, isSoft, isDone, hit, took), .. _all.Take(Most - 1)];
    }
}

/// <param name="At">By the monotonic clock.</param>
/// <param name="Client">The address that it came from.</param>
/// <param name="Kind">The word of the call: <c>url</c>, <c>tag</c> and so on.</param>
/// <param name="What">Printable and bounded.</param>
/// <param name="IsDone">It holds everywhere; else it could not be made sure of.</param>
/// <param name="Hit">Stored responses; null where that is not known.</param>
public sealed record RecentPurge(long At, string Client, string Kind, string What, bool IsSoft, bool IsDone, int? Hit, TimeSpan Took);
