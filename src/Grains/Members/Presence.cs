using Granary.Grains.Fences;

namespace Granary.Grains.Members;

/// <summary>
/// Whether this silo has been here all the time. A silo that was stopped or starved may have missed an invalidation, and been declared dead meanwhile; others went on without it.
/// It beats a few times a second; a beat that is late says that it was away, and from then on everything it keeps is in doubt, until the membership table has been read
/// and still had it as a member. That read must have begun after the silo was back, and the silo must not have been away again since.
/// </summary>
/// <remarks>
/// Why this is enough: an invalidation is complete when every member has acknowledged it or is no longer a member. So what was missed is either not complete, or we are no member.
/// A silo that beats answers probes, and is not declared dead between the reading of the table and its next absence, which again shows.
/// </remarks>
public sealed class Presence
{
    /// <summary>Time between beats.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>A beat later than this means that the silo was away. Well below the time in which a silo can be declared dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock;
    private readonly long _patience;
    private long _sure;    // when it was last certain that nothing was missed; not moved while in doubt
    private long _beat;    // the last beat
    private long _back;    // the beat with which the last absence ended
    private volatile bool _hasLeft;

    public Presence(TimeProvider clock)
    {
        _clock = clock;
        Mandate = new Mandate(clock);
        _patience = (long)(Patience.TotalSeconds * clock.TimestampFrequency);
        _sure = _beat = long.MaxValue; // one process, or not a member yet: there is nothing to miss
        _back = long.MinValue;
    }

    /// <summary>The other condition (decision 0012): what others may have written for a silo that did not answer them.</summary>
    public Mandate Mandate { get; }

    /// <summary>From now on there are beats. The silo has just joined, so it has missed nothing.</summary>
    public void Begin() => _sure = _beat = _clock.GetTimestamp();

    /// <summary>
    /// It leaves in order, and is about to be no member any more: from then on nobody tells it anything, while its process still ends, and who has not heard of it yet still asks. For ever.
    /// </summary>
    public void Leave() => _hasLeft = true;

    /// <summary>What is kept here may be outdated: answer nothing from it. Asked per request, also before the first beat after an absence has come.</summary>
    public bool IsDoubtful => _hasLeft || Mandate.IsOver || WasAway;

    /// <summary>It has not beaten in time, and has not been confirmed since.</summary>
    public bool WasAway => _clock.GetTimestamp() - Volatile.Read(ref _sure) > _patience;

    /// <summary>By one timer.</summary>
    public void Beat()
    {
        var now = _clock.GetTimestamp();
        var wasHere = now - Volatile.Read(ref _beat) <= _patience;
        if (!wasHere) Volatile.Write(ref _back, now);
        Volatile.Write(ref _beat, now);
        // Compared and set, since a confirmation may come between.
        var sure = Volatile.Read(ref _sure);
        if (wasHere && now - sure <= _patience) Interlocked.CompareExchange(ref _sure, now, sure);
    }

    /// <summary>The membership table, read since <paramref name="begun"/>, has this silo as an active member.</summary>
    /// <returns>Whether that ends the doubt; if not, it was away again, and the table has to be read again.</returns>
    public bool Confirm(long begun)
    {
        var now = _clock.GetTimestamp();
        var hasBeenHereSince = Volatile.Read(ref _back) <= begun && now - Volatile.Read(ref _beat) <= _patience;
        if (hasBeenHereSince) Volatile.Write(ref _sure, now);
        return hasBeenHereSince;
    }
}
