using System.Collections.Concurrent;

namespace Granary.Scenarios.Consistency;

/// <summary>What became of reads, and bytes that nobody should have got (P4).</summary>
internal sealed class Tally
{
    private int _whole;
    private int _hits;
    private int _passed;
    private int _cut;
    private int _unanswered;

    public ConcurrentDictionary<int, int> Errors { get; } = new();

    /// <summary>Answers that looked whole and were not, or had something of another answer in them.</summary>
    public ConcurrentQueue<string> Torn { get; } = new();

    public int Whole => Volatile.Read(ref _whole);

    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Answers from the origin because no silo answered.</summary>
    public int Passed => Volatile.Read(ref _passed);

    public int Cut => Volatile.Read(ref _cut);

    public int Unanswered => Volatile.Read(ref _unanswered);

    public void Counts(in Reply reply)
    {
        Interlocked.Increment(ref _whole);
        if (reply.IsHit) Interlocked.Increment(ref _hits);
        if (reply.CacheStatus.Contains("detail=cache-fault", StringComparison.Ordinal)) Interlocked.Increment(ref _passed);
    }

    public void Fails(int status) => Errors.AddOrUpdate(status, 1, static (_, count) => count + 1);

    public void Breaks(bool hadBegun) => Interlocked.Increment(ref hadBegun ? ref _cut : ref _unanswered);
}
