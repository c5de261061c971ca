using Granary.Grains.Leases;

namespace Granary.Grains.Fences;

/// <summary>
/// Until when this silo may answer from what it keeps, grant and renew (decision 0012): <see cref="Lasts"/> from the beginning of its last look at Redis that showed it as a member that has heard all.
/// Before it has registered, and in one process, there is nobody who could fence it, and no end.
/// </summary>
public sealed class Mandate(TimeProvider clock)
{
    /// <summary>The same in all silos of all versions: who fences one counts on it.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(3);

    /// <summary>Clocks do not all run at the same rate.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    private readonly long _lasts = (long)(Lasts.TotalSeconds * clock.TimestampFrequency);
    private long _until = long.MaxValue;

    /// <summary>Whether it can end.</summary>
    public bool HasBegun => Volatile.Read(ref _until) != long.MaxValue;

    public bool IsOver => clock.GetTimestamp() >= Volatile.Read(ref _until);

    /// <summary>Null if there is no end; zero when it is over.</summary>
    public TimeSpan? Left => Volatile.Read(ref _until) is var until && until == long.MaxValue ? null : clock.Left(until) is null ? TimeSpan.Zero : clock.GetElapsedTime(clock.GetTimestamp(), until);

    /// <summary>Whether it lasted at that moment.</summary>
    public bool LastedAt(long moment) => moment < Volatile.Read(ref _until);

    /// <summary>Since the look that carries it now, if it can end.</summary>
    public TimeSpan? SinceLook => Volatile.Read(ref _until) is var until && until == long.MaxValue ? null : clock.GetElapsedTime(until - _lasts);

    /// <summary>From the first registration on it has an end.</summary>
    public void Begin(long from) => Volatile.Write(ref _until, from + _lasts);

    /// <summary>There was a look that began then. One that is older than the last changes nothing.</summary>
    public void Extend(long from)
    {
        for (var until = Volatile.Read(ref _until); until < from + _lasts;)
        {
            var before = Interlocked.CompareExchange(ref _until, from + _lasts, until);
            if (before == until) return;
            until = before;
        }
    }
}
