using System.Collections.Concurrent;
using System.Globalization;

namespace Granary.Scenarios.Consistency;

/// <summary>
/// What was changed, purged and read, and the rule of strict invalidation (P2): a read that began after a purge was acknowledged sees at least the version that the origin
/// had before that purge was sent. All is noted in one process, and so in one order: who begins to read looks at what has been acknowledged by then, and
/// nothing that is acknowledged later can be held against that read. A purge that was refused or never answered proves nothing.
/// </summary>
internal sealed class History(int resources, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private readonly long[] _versions = [.. Enumerable.Repeat(1L, resources)];
    private readonly Acknowledged?[] _acknowledged = new Acknowledged?[resources];
    private readonly ConcurrentQueue<string> _stale = new();
    private int _reads;

    /// <summary>The reads that broke the rule, each with the purge that it should have seen.</summary>
    public IReadOnlyCollection<string> Stale => _stale;

    /// <summary>Reads that saw a version.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Time since it all began, for logs.</summary>
    public double Seconds => clock.GetElapsedTime(_began).TotalSeconds;

    /// <summary>The version that the origin has now.</summary>
    public long VersionOf(int resource) => Volatile.Read(ref _versions[resource]);

    /// <summary>From now on the origin has a newer version.</summary>
    public long Changes(int resource) => Interlocked.Increment(ref _versions[resource]);

    /// <summary>A purge is about to be sent.</summary>
    public Purge Sends(string what, IReadOnlyList<int> purged) => new(what, Seconds, [.. purged.Select(resource => (resource, VersionOf(resource)))]);

    /// <summary>It was answered, and what it says is true from now on.</summary>
    public void Acknowledges(Purge purge)
    {
        var at = Seconds;
        foreach (var (resource, version) in purge.Before) Acknowledge(resource, new Acknowledged(version, purge, at));
    }

    /// <summary>A read is about to be sent.</summary>
    public Read Begins(int resource) => new(resource, Volatile.Read(ref _acknowledged[resource]), Seconds);

    /// <summary>It saw that version.</summary>
    /// <param name="how">Where and how it was answered, for whoever has to find out.</param>
    public void Ends(in Read read, long version, string how)
    {
        Interlocked.Increment(ref _reads);
        if (read.Newest is { } newest && version < newest.Version) _stale.Enqueue(Words(read, version, newest, how));
        else if (version > VersionOf(read.Resource)) _stale.Enqueue(string.Create(CultureInfo.InvariantCulture, $"resource {read.Resource} {how}: version {version} never was"));
    }

    private void Acknowledge(int resource, Acknowledged next)
    {
        while (Volatile.Read(ref _acknowledged[resource]) is var former && (former is null || former.Version < next.Version))
            if (Interlocked.CompareExchange(ref _acknowledged[resource], next, former) == former) return;
    }

    private string Words(in Read read, long version, Acknowledged newest, string how) => string.Create(
        CultureInfo.InvariantCulture,
        $"resource {read.Resource} {how}: read from {read.Began:F3} s to {Seconds:F3} s, version {version}; version {newest.Version} was purged by {newest.By.What}, sent {newest.By.Sent:F3} s, acknowledged {newest.At:F3} s");

    /// <summary>A purge under way, and the versions that there were before.</summary>
    internal sealed record Purge(string What, double Sent, IReadOnlyList<(int Resource, long Version)> Before);

    /// <summary>A read under way, and what had been acknowledged before it.</summary>
    internal readonly record struct Read(int Resource, Acknowledged? Newest, double Began);

    internal sealed record Acknowledged(long Version, Purge By, double At);
}
