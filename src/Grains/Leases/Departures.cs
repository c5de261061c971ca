using Granary.Grains.Fences;
using Granary.Grains.Members;
using Orleans.Runtime;

namespace Granary.Grains.Leases;

/// <summary>
/// Silos that were lost. Such a one may have granted until its last moment, and nobody can ask it: so who tells an invalidation waits until one lease after it has seen that it is gone. No edge relies on a silo
/// for longer than one lease after the membership table said that it is none; and it may itself be unaware of that for a moment, and answer edges that have not read the table since.
/// <para>
/// <b>What was before.</b> A silo that has just joined has not seen who was lost, so it counts from its first look at the members, which is later. Unless all others say when they last lost one, having looked at a table
/// at least as new: then from that.
/// </para>
/// <para><b>Mandates</b> (decision 0012). One that had a mandate is relied on no longer than that lasts: from the last look at the table that may have shown it as a member, or from before it was fenced.</para>
/// <para><b>In order.</b> A silo that leaves ends its sessions first and says so; nobody waits for it.</para>
/// </summary>
internal sealed class Departures(IFellowship fellowship, LeaseOptions options, Fencing fencing, TimeProvider clock, LeaseMeter meter, ILogger<Departures> logger)
{
    private const int MostRemembered = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether one that is gone had heard of its fence shows with the next look at Redis.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>A silo looks at its row every 2 s, an edge at the table every 3 s: one that is voted out while it lives answers nobody for longer.</summary>
    private static readonly TimeSpan Unaware = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly bool _isNeedless = fellowship is Alone;
    private readonly TimeSpan _duration = options.AreOn && options.Duration > Unaware ? options.Duration : Unaware;
    private readonly HashSet<SiloAddress> _inOrder = [];
    private readonly Dictionary<SiloAddress, long> _lost = [];
    private HashSet<SiloAddress> _members = [];
    private HashSet<SiloAddress>? _dead;
    private long _firstLook;
    private long? _before;

    /// <summary>Looks who is gone. With every news of the members, so that the time runs from then.</summary>
    public void See()
    {
        if (_isNeedless) return;
        lock (_gate) See_NeedsLock();
    }

    /// <summary>That silo has ended its sessions, and grants nothing any more.</summary>
    public void LeavesInOrder(SiloAddress silo)
    {
        lock (_gate)
        {
            if (_inOrder.Count >= MostRemembered) _inOrder.Clear(); // forgotten: it is waited for
            _inOrder.Add(silo);
        }
    }

    /// <summary>After all members have acknowledged: done when nobody relies any more on what a lost one granted.</summary>
    public Task Pass()
    {
        if (_isNeedless) return Task.CompletedTask;
        lock (_gate)
        {
            See_NeedsLock();
            return clock.Left(End_NeedsLock()) is null ? Task.CompletedTask : Wait();
        }
    }

    /// <summary>How long ago this silo last lost another; null if it never did. Who has not seen as much as who asks says: just now.</summary>
    /// <param name="version">Of the members as the other has seen them.</param>
    public async Task<TimeSpan?> Since(long version)
    {
        if (_isNeedless) return null;
        await fellowship.Refresh();
        if (fellowship.Version < version) return TimeSpan.Zero;
        lock (_gate)
        {
            See_NeedsLock();
            return End_NeedsLock() is > long.MinValue and var end ? clock.GetElapsedTime(end) + _duration : null;
        }
    }

    /// <summary>Once this silo is active: asks the others.</summary>
    public async Task Learn()
    {
        if (_isNeedless) return;
        See();
        var others = fellowship.All.Where(fellow => !fellowship.IsSelf(fellow)).ToArray();
        if (others.Length == 0) return;
        var version = Volatile.Read(ref _firstLook);
        var losses = await Task.WhenAll(others.Select(fellow => Ask(fellow, version)));
        if (losses.Any(static loss => !loss.IsKnown)) return; // from the first look, then
        lock (_gate) _before = losses.Max(static loss => loss.At);
    }

    private async Task<(bool IsKnown, long? At)> Ask(Fellow fellow, long version)
    {
        try
        {
            var since = await fellowship.Of(fellow).SinceLoss(version).WaitAsync(Patience, clock);
            return (true, since is { } span ? clock.After(-span) : null); // later than it was, by the way back
        }
        catch (Exception) // of whatever kind: it comes from beyond a boundary
        {
            return (false, null);
        }
    }

    private async Task Wait()
    {
        var began = clock.GetTimestamp();
        while (Left() is { } left) await Task.Delay(left < Pause ? left : Pause, clock);
        meter.WaitedForDeparture(clock.GetElapsedTime(began));
    }

    private TimeSpan? Left()
    {
        lock (_gate) return clock.Left(End_NeedsLock());
    }

    private long End_NeedsLock()
    {
        var end = _before is { } before ? EndAfter(before) : long.MinValue;
        foreach (var (silo, seen) in _lost) end = Math.Max(end, fencing.OutOfUseFrom(silo, seen) ?? EndAfter(seen));
        return end;
    }

    private long EndAfter(long since) => since + (long)((Int128)_duration.Ticks * clock.TimestampFrequency / TimeSpan.TicksPerSecond);

    private void See_NeedsLock()
    {
        var (members, dead) = (fellowship.All.Select(static fellow => fellow.Address).ToHashSet(), fellowship.Dead);
        if (_dead is null)
        {
            (_before, _firstLook) = (clock.GetTimestamp(), fellowship.Version);
        }
        else if (_members.Except(members).Concat(dead.Except(_dead)).Where(gone => !_inOrder.Contains(gone)).ToArray() is { Length: > 0 } lost)
        {
            foreach (var silo in lost) Lose_NeedsLock(silo);
            logger.SiloLost();
        }

        (_members, _dead) = (members, [.. dead]);
    }

    private void Lose_NeedsLock(SiloAddress silo)
    {
        if (_lost.Count >= MostRemembered) // the oldest are over: this takes longer
            foreach (var (old, seen) in _lost)
                if (clock.Left(EndAfter(seen)) is null) _lost.Remove(old);
        _lost.TryAdd(silo, clock.GetTimestamp());
    }
}
