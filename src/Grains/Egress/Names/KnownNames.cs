namespace Granary.Grains.Egress.Names;

/// <summary>What was looked up, so many names, those that were not asked for longest being forgotten first.</summary>
internal sealed class KnownNames(Func<NameOptions> options, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Known>> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<Known> _byUse = new();

    public int Count
    {
        get
        {
            lock (_gate) return _byName.Count;
        }
    }

    /// <returns>Null if nothing is known, or too old.</returns>
    public Found? Find(string host)
    {
        lock (_gate)
        {
            if (!_byName.TryGetValue(host, out var node) || Age(node.Value) >= (node.Value.LastFailed || node.Value.Said.Addresses is null ? options().KeepMissing : options().Keep)) return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Said;
        }
    }

    /// <returns>Addresses from before, if they are not too old to stand in.</returns>
    public Found? FindStale(string host)
    {
        lock (_gate) return _byName.TryGetValue(host, out var node) && MayStandIn(node.Value) ? node.Value.Said : null;
    }

    public void Remember(string host, Found said)
    {
        lock (_gate)
        {
            _byName.TryGetValue(host, out var node);
            var now = clock.GetTimestamp();
            // Addresses that may stand in are kept, and not asked about again at once.
            var known = said.Addresses is null && node is { } before && MayStandIn(before.Value) ? before.Value with { At = now, LastFailed = true } : new Known(host, said, now, now, LastFailed: false);
            if (node is not null) Forget_NeedsLock(node);
            if (options() is { Most: 0 } or { Keep.Ticks: 0, KeepMissing.Ticks: 0, KeepStale.Ticks: 0 }) return;
            while (_byName.Count >= options().Most) Forget_NeedsLock(_byUse.Last!);
            _byName[host] = _byUse.AddFirst(known);
        }
    }

    public void Forget(string host)
    {
        lock (_gate)
            if (_byName.TryGetValue(host, out var node)) Forget_NeedsLock(node);
    }

    private void Forget_NeedsLock(LinkedListNode<Known> node)
    {
        _byUse.Remove(node);
        _byName.Remove(node.Value.Host);
    }

    private bool MayStandIn(Known known) => known.Said.Addresses is not null && clock.GetElapsedTime(known.SaidAt) < options().Keep + options().KeepStale && options().KeepStale > TimeSpan.Zero;

    private TimeSpan Age(Known known) => clock.GetElapsedTime(known.At);

    /// <param name="SaidAt">When the resolver said so.</param>
    /// <param name="At">When it was asked last.</param>
    /// <param name="LastFailed">It said nothing then: these are addresses from before.</param>
    private sealed record Known(string Host, Found Said, long SaidAt, long At, bool LastFailed);
}
