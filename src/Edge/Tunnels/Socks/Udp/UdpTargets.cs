using System.Collections.Concurrent;
using System.Net;

namespace Granary.Edge.Tunnels.Socks.Udp;

/// <summary>What was decided for the targets of one association, each for a while, and from where answers may come. Targets are asked for by one thread at a time.</summary>
internal sealed class UdpTargets(TimeProvider clock) : IDisposable
{
    /// <summary>How long a decision holds: policy, addresses and settings may have changed.</summary>
    internal static readonly TimeSpan Holds = TimeSpan.FromSeconds(30);

    internal const int Most = 256;

    private readonly Dictionary<(string Host, int Port), UdpTarget> _all = [];
    private readonly ConcurrentDictionary<IPEndPoint, byte> _peers = new();

    /// <param name="isNew">It has to be decided.</param>
    /// <returns>Null if there are too many.</returns>
    public UdpTarget? Of(UdpHeader header, out bool isNew)
    {
        var key = (header.Host, header.Port);
        isNew = false;
        if (_all.TryGetValue(key, out var known) && !IsOld(known)) return known;
        if (known is not null) Forget(key, known);
        if (_all.Count >= Most) ForgetOld();
        if (_all.Count >= Most) return null;
        isNew = true;
        return _all[key] = new UdpTarget(clock.GetTimestamp());
    }

    /// <summary>Something was sent there.</summary>
    public void Used(IPEndPoint peer) => _peers[peer] = 0;

    /// <summary>Whether something was sent there not long ago.</summary>
    public bool Answers(IPEndPoint peer) => _peers.ContainsKey(peer);

    public void Dispose()
    {
        foreach (var target in _all.Values) target.Dispose();
    }

    private bool IsOld(UdpTarget target) => target.IsDecided && clock.GetElapsedTime(target.Since) >= Holds;

    private void ForgetOld()
    {
        foreach (var (key, target) in _all)
            if (IsOld(target)) Forget(key, target);
    }

    private void Forget((string, int) key, UdpTarget target)
    {
        _all.Remove(key);
        if (target.EndPoint is { } end) _peers.TryRemove(end, out _);
        target.Dispose();
    }
}
