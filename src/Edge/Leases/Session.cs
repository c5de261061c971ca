using Granary.Grains.Groups;

namespace Granary.Edge.Leases;

/// <summary>
/// A session with one silo (decision 0009). What was granted in it may be reused while it lasts: while polls renew it, and while the membership table, read by this edge itself, has that silo
/// as an active one. Copies refer to their session, so nothing has to be searched for when it is over.
/// </summary>
/// <remarks>Timestamps are of the monotonic clock. Numbered invalidations are remembered for each session apart: numbers of a cluster that was started anew begin from the start again.</remarks>
internal sealed class Session(Line line, long number, long end)
{
    private const int MostEpochs = 16_384;

    private long _end = end;
    private volatile bool _isOver;

    public Line Line => line;

    public long Number => number;

    /// <summary>What was invalidated by number since it began. There is one for each silo; of more, what is held is let go.</summary>
    public GroupEpochs Epochs { get; } = new(capacity: MostEpochs);

    /// <summary>Nothing granted in it is used again, whatever the clock says.</summary>
    public bool IsOver => _isOver;

    /// <summary>When it runs out, unless it is renewed before.</summary>
    public long End => Math.Min(Volatile.Read(ref _end), line.TrustedUntil);

    public bool Lasts(long now) => !_isOver && now < End;

    public void Renew(long end)
    {
        if (end > Volatile.Read(ref _end)) Volatile.Write(ref _end, end); // one line, one poll at a time
    }

    public void Over() => _isOver = true;
}
