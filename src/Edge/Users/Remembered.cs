using System.Collections.Concurrent;

namespace Granary.Edge.Users;

/// <summary>
/// Verdicts that hold for a while, in bounded room: two halves, of which the older is forgotten as a whole when the newer is full. Whoever is asked for moves to the newer.
/// </summary>
/// <param name="most">Of each half.</param>
internal sealed class Remembered(int most, TimeProvider clock)
{
    private readonly Lock _turning = new();
    private ConcurrentDictionary<UInt128, One> _newer = new();
    private ConcurrentDictionary<UInt128, One> _older = new();

    public int Count => _newer.Count + _older.Count;

    public Verdict? Of(UInt128 key)
    {
        if (Volatile.Read(ref _newer).TryGetValue(key, out var one)) return Fresh(one);
        if (!Volatile.Read(ref _older).TryGetValue(key, out one) || Fresh(one) is not { } verdict) return null;
        Put(key, one);
        return verdict;
    }

    public void Keep(UInt128 key, Verdict verdict, TimeSpan lifetime)
    {
        if (lifetime > TimeSpan.Zero) Put(key, new One(verdict, clock.GetTimestamp(), lifetime));
    }

    private Verdict? Fresh(One one) => clock.GetElapsedTime(one.Since) < one.Lifetime ? one.Verdict : null;

    private void Put(UInt128 key, One one)
    {
        lock (_turning)
        {
            if (_newer.Count >= most) (_older, _newer) = (_newer, new ConcurrentDictionary<UInt128, One>());
            _newer[key] = one;
        }
    }

    private sealed record One(Verdict Verdict, long Since, TimeSpan Lifetime);
}
