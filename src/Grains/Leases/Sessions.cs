using System.Collections.Immutable;

namespace Granary.Grains.Leases;

/// <summary>The sessions of this silo by edge. Those that are over go when somebody looks, one lease after they could have been at the latest.</summary>
internal sealed class Sessions(LeaseOptions options, TimeProvider clock)
{
    /// <summary>More edges than this ask the owners.</summary>
    private const int Most = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _byEdge = new(StringComparer.Ordinal);
    private long _lastNumber = Random.Shared.NextInt64(1, 1L << 62); // a silo that starts again must not know a session of the one before
    private long _swept = clock.GetTimestamp();
    private bool _isLeaving;

    public Holdings Holdings { get; } = new(clock);

    public bool IsLeaving
    {
        get
        {
            lock (_gate) return _isLeaving;
        }
    }

    /// <summary>All that are not over.</summary>
    public ImmutableArray<Session> Living
    {
        get
        {
            lock (_gate)
            {
                Sweep_NeedsLock();
                return [.. _byEdge.Values];
            }
        }
    }

    /// <summary>That of the edge, or null if it has none that is not over.</summary>
    public Session? Of(string edge)
    {
        lock (_gate) return Of_NeedsLock(edge);
    }

    /// <summary>That of the edge, a new one if it has none.</summary>
    /// <returns>Null when there is none to be had: too many, or this silo leaves.</returns>
    public Session? OfOrNew(string edge)
    {
        lock (_gate)
        {
            if (clock.GetElapsedTime(_swept) > options.Duration) Sweep_NeedsLock();
            if (Of_NeedsLock(edge) is { } session) return session;
            if (_isLeaving || _byEdge.Count >= Most) return null;
            return _byEdge[edge] = new Session(edge, options, clock, () => Interlocked.Increment(ref _lastNumber));
        }
    }

    /// <summary>The edge holds nothing any more in that session. Such a word may come late, when the edge has another one.</summary>
    public void GiveUp(string edge, long number)
    {
        lock (_gate)
            if (_byEdge.TryGetValue(edge, out var session) && session.TryGiveUp(number)) _byEdge.Remove(edge);
    }

    /// <summary>From now on there are no new ones.</summary>
    /// <returns>Those that there are.</returns>
    public ImmutableArray<Session> Leave()
    {
        lock (_gate) _isLeaving = true;
        return Living;
    }

    private Session? Of_NeedsLock(string edge)
    {
        if (!_byEdge.TryGetValue(edge, out var session)) return null;
        if (!session.IsOver) return session;
        _byEdge.Remove(edge);
        return null;
    }

    private void Sweep_NeedsLock()
    {
        _swept = clock.GetTimestamp();
        foreach (var (edge, session) in _byEdge)
            if (session.IsOver) _byEdge.Remove(edge);
    }
}
