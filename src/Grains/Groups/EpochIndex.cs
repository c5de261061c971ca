using System.Collections.Concurrent;
using System.Collections.Immutable;
using Granary.Semantics.Invalidation;

namespace Granary.Grains.Groups;

/// <summary>
/// The number of the last invalidation of each group, host, prefix, and of all. Read without a lock; written under that of <see cref="GroupEpochs"/>.
/// <para>
/// Bounded, and what is forgotten hits too much rather than too little: of two generations of groups the older is replaced by its highest number, as a floor for all responses with
/// groups; the oldest host or prefix by its number, as a floor for all. A reader reads floors last: whoever forgets has raised them before.
/// </para>
/// </summary>
/// <param name="capacity">Groups in one generation.</param>
internal sealed class EpochIndex(int capacity)
{
    /// <summary>Of hosts, and of prefixes: they are named by operators, not by origins.</summary>
    internal const int Most = 1024;

    private readonly ConcurrentDictionary<string, long> _hosts = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<ulong, long> _younger = new();
    private volatile ConcurrentDictionary<ulong, long> _older = new();
    private volatile PrefixEpochs _prefixes = PrefixEpochs.None;
    private long _all;
    private long _floor;
    private long _highestInOlder;

    /// <summary>The number of the last invalidation that hits a response of this URI with these groups.</summary>
    public long LastOf(string uri, ImmutableArray<ulong> groups, ImmutableArray<ulong> tags)
    {
        var last = Math.Max(LastOf(groups), LastOf(tags));
        if (!groups.IsEmpty || !tags.IsEmpty) last = Math.Max(last, Volatile.Read(ref _floor));
        return Math.Max(last, LastOf(uri));
    }

    /// <summary>The same, whatever its groups.</summary>
    public long LastOf(string uri)
    {
        var last = _prefixes.LastOf(uri);
        if (_hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(Invalidation.Host(uri), out var host)) last = Math.Max(last, host);
        return Math.Max(last, Volatile.Read(ref _all));
    }

    public void Set_NeedsLock(Scope scope, long number, long now)
    {
        switch (scope)
        {
            case Scope.Groups groups:
                foreach (var group in groups.Keys) SetGroup_NeedsLock(GroupKey.Of(group), number, now);
                break;
            case Scope.Host host:
                SetHost_NeedsLock(host.Name, number);
                break;
            case Scope.Prefix prefix:
                SetPrefix_NeedsLock(prefix.Uri, number);
                break;
            default:
                Raise_NeedsLock(number);
                break;
        }
    }

    public ScopesKnown Known_NeedsLock()
    {
        var groups = new Dictionary<ulong, long>(_older);
        foreach (var (group, number) in _younger) groups[group] = number;
        var (hosts, prefixes) = (_hosts.ToArray(), _prefixes);
        return new ScopesKnown(
            [.. groups.Keys], [.. groups.Values], [.. hosts.Select(static host => host.Key)], [.. hosts.Select(static host => host.Value)], prefixes.Prefixes, prefixes.Numbers, _all, _floor);
    }

    public void Learn_NeedsLock(ScopesKnown known, long now)
    {
        for (var i = 0; i < known.Groups.Length; i++) SetGroup_NeedsLock(known.Groups[i], known.GroupNumbers[i], now);
        for (var i = 0; i < known.Hosts.Length; i++) SetHost_NeedsLock(known.Hosts[i], known.HostNumbers[i]);
        for (var i = 0; i < known.Prefixes.Length; i++) SetPrefix_NeedsLock(known.Prefixes[i], known.PrefixNumbers[i]);
        Volatile.Write(ref _floor, Math.Max(_floor, known.Floor));
        Raise_NeedsLock(known.All);
    }

    private long LastOf(ImmutableArray<ulong> groups)
    {
        var last = 0L;
        foreach (var group in groups)
            if (_younger.TryGetValue(group, out var number) || _older.TryGetValue(group, out number)) last = Math.Max(last, number);
        return last;
    }

    private void SetGroup_NeedsLock(ulong group, long number, long now)
    {
        if (number <= _all) return;
        if (_younger.Count >= capacity && !_younger.ContainsKey(group)) Rotate_NeedsLock(Math.Max(number, now));
        _younger[group] = Math.Max(number, LastOf([group]));
    }

    private void SetHost_NeedsLock(string name, long number)
    {
        if (number <= _all) return;
        if (_hosts.Count >= Most && !_hosts.ContainsKey(name)) Raise_NeedsLock(_hosts.Values.Min());
        _hosts[name] = Math.Max(number, _hosts.GetValueOrDefault(name));
    }

    private void SetPrefix_NeedsLock(string uri, long number)
    {
        if (number <= _all) return;
        var with = _prefixes.With(uri, number);
        if (with.Count > Most) Raise_NeedsLock(with.Oldest.Value);
        _prefixes = with.After(_all);
    }

    // What is not higher says nothing any more.
    private void Raise_NeedsLock(long number)
    {
        if (number <= _all) return;
        Volatile.Write(ref _all, number);
        _prefixes = _prefixes.After(number);
        foreach (var host in _hosts) if (host.Value <= number) _hosts.TryRemove(host);
        foreach (var group in _younger) if (group.Value <= number) _younger.TryRemove(group);
        foreach (var group in _older) if (group.Value <= number) _older.TryRemove(group);
    }

    private void Rotate_NeedsLock(long highest)
    {
        Volatile.Write(ref _floor, _highestInOlder);
        (_older, _younger) = (_younger, new ConcurrentDictionary<ulong, long>());
        _highestInOlder = highest;
    }
}
