using System.Collections.Concurrent;

namespace Granary.Grains.Resources;

/// <summary>
/// Remembers for a while which URLs answered with something that may not be stored, so that no queue forms behind them ("hit for pass").
/// Bounded by two generations: when the younger is full it becomes the older, and the older is forgotten.
/// </summary>
/// <param name="capacity">URLs in one generation.</param>
public sealed class PassMemory(TimeProvider clock, Func<TimeSpan> lasts, int capacity = 100_000)
{
    private volatile ConcurrentDictionary<Passed, long> _younger = new();
    private volatile ConcurrentDictionary<Passed, long> _older = new();

    /// <param name="authorized">Requests with Authorization are remembered apart: RFC 9111 §3.5 may forbid to store only theirs.</param>
    public void Remember(string uri, bool authorized)
    {
        if (_younger.Count >= capacity) (_older, _younger) = (_younger, new ConcurrentDictionary<Passed, long>());
        _younger[new Passed(uri, authorized)] = clock.GetTimestamp();
    }

    public bool Remembers(string uri, bool authorized)
    {
        var passed = new Passed(uri, authorized);
        return (_younger.TryGetValue(passed, out var since) || _older.TryGetValue(passed, out since))
            && clock.GetElapsedTime(since) < lasts();
    }

    public void Forget(string uri, bool authorized)
    {
        _younger.TryRemove(new Passed(uri, authorized), out _);
        _older.TryRemove(new Passed(uri, authorized), out _);
    }

    private readonly record struct Passed(string Uri, bool Authorized);
}
