using System.Diagnostics.CodeAnalysis;

namespace Granary.Grains.Store;

/// <summary>
/// Damaged content is refused (fault 58). What is small is verified each time it is opened; what is large by going round all that is stored, so that no damage
/// stays for longer than one round: docs/decisions/0006-content-checksums.md.
/// </summary>
public sealed partial class ResponseStore
{
    /// <summary>Up to here a verification costs little beside the rest of a request.</summary>
    private const int VerifiedWhenOpened = 16 << 10;

    private static readonly TimeSpan ScrubInterval = TimeSpan.FromSeconds(1);

    /// <summary>Intervals in which all of a full store is gone round.</summary>
    private const int ScrubIntervals = 600;

    private readonly Lock _scrubbing = new();
    private IEnumerator<Content>? _scrubbed;
    private ITimer? _scrubTimer;
    private long _damaged;

    /// <summary>Verifies the next contents, as many as that many bytes are, but each at most once.</summary>
    /// <returns>How many were damaged; they are no longer stored.</returns>
    internal int Scrub(long bytes)
    {
        var damaged = 0;
        lock (_scrubbing)
            for (var left = _contents.Count; left > 0 && bytes > 0 && NextToScrub() is { } content; left--)
            {
                // One that is not stored may still have to be claimed, and a hold of ours would be taken for that.
                if (content is not { State: ContentState.Complete, IsStored: true } || content.TryOpenReader() is not { } hold) continue;
                using (hold)
                    if (IsDamaged(content)) damaged++;
                bytes -= content.Arrived;
            }

        return damaged;
    }

    // Contents come and go under the enumerator: one that stays is met once in each round.
    private Content? NextToScrub()
    {
        if (_scrubbed?.MoveNext() == true) return _scrubbed.Current;
        _scrubbed = _contents.All().GetEnumerator();
        return _scrubbed.MoveNext() ? _scrubbed.Current : null;
    }

    private bool IsDamaged(Content content)
    {
        if (content.IsIntact()) return false;
        Interlocked.Increment(ref _damaged);
        Lost(content);
        return true;
    }

    // Only a whole look costs the same as what follows it: a range of a small content is small as well.
    private bool IsSoundFor([NotNullWhen(true)] ContentReader? reader)
    {
        if (reader is null) return false;
        if (!(reader.Content.Length <= VerifiedWhenOpened) || !IsDamaged(reader.Content)) return true;
        reader.Dispose();
        return false;
    }

    // Not in the timer's turn, which others wait behind; and set anew only afterwards, so that rounds never overlap.
    private void ScrubFromNowOn()
    {
        _scrubTimer = Clock.CreateTimer(static store => ThreadPool.UnsafeQueueUserWorkItem(static store => store.ScrubAndGoOn(), (ResponseStore)store!, preferLocal: false),
            this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _scrubTimer.Change(ScrubInterval, Timeout.InfiniteTimeSpan);
    }

    private void ScrubAndGoOn()
    {
        Scrub(Math.Max(1 << 20, Options.MemoryBytes / ScrubIntervals));
        if (!_closed) _scrubTimer?.Change(ScrubInterval, Timeout.InfiniteTimeSpan);
    }
}
