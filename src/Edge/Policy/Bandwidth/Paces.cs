using System.Collections.Concurrent;
using Granary.Edge.Rules.Limits;

namespace Granary.Edge.Policy.Bandwidth;

/// <summary>The pace of each client under each rule. There are at most so many: when there is no room those at rest go, and where none rests newcomers to a rule share one (P7).</summary>
internal sealed class Paces(TimeProvider clock, int most = Paces.MostClients)
{
    public const int MostClients = 100_000;

    private readonly ConcurrentDictionary<(string Rule, long BytesPerSecond, ClientKey Client), Pace> _all = new();

    private long _sweptAt = long.MinValue;

    /// <summary>Null for as fast as it goes.</summary>
    public Pace? Of(PolicyRule rule, ClientKey client)
    {
        var rate = rule.Settings.Bandwidth;
        if (rate == 0) return null;
        if (_all.TryGetValue((rule.Title, rate, client), out var known)) return known;
        if (_all.Count >= most && !MakeRoom()) client = ClientKey.Everybody;
        return _all.GetOrAdd((rule.Title, rate, client), static (key, clock) => new Pace(key.BytesPerSecond, clock), clock);
    }

    // Once a second at most, and by one thread: looking through all costs milliseconds.
    private bool MakeRoom()
    {
        var (swept, now) = (Volatile.Read(ref _sweptAt), clock.GetTimestamp());
        if (now < swept || Interlocked.CompareExchange(ref _sweptAt, now + clock.TimestampFrequency, swept) != swept) return false;
        foreach (var (key, pace) in _all)
            if (pace.IsIdle) _all.TryRemove(KeyValuePair.Create(key, pace));
        return _all.Count < most;
    }
}
