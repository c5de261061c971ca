using System.Collections.Concurrent;

namespace Granary.Scenarios.Consistency;

/// <summary>What became of purges.</summary>
internal sealed class PurgeReport
{
    private int _left;

    public Latencies Healthy { get; } = new();

    public Latencies WithAFault { get; } = new();

    public ConcurrentDictionary<string, int> ByKind { get; } = new();

    public ConcurrentDictionary<int, int> Refused { get; } = new();

    public int Acknowledged => Healthy.Count + WithAFault.Count;

    /// <summary>Purges whose answer never came, because the process that had to give it was gone.</summary>
    public int Left => Volatile.Read(ref _left);

    public void Acknowledges(string kind, TimeSpan took, bool isHealthy)
    {
        ByKind.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        (isHealthy ? Healthy : WithAFault).Add(took);
    }

    public void Refuses(int status) => Refused.AddOrUpdate(status, 1, static (_, count) => count + 1);

    public void Leaves() => Interlocked.Increment(ref _left);
}
