namespace Granary.Grains.Fences;

/// <summary>
/// What this silo knows of the fences of others: by its looks at Redis, and by what it writes itself. For each that is fenced, the first entry that it has not heard counts: from the moment at which this silo knew
/// of it no look of that one is good until it has heard it. What is vouched for and what is known take the same lock: a word that is given before comes before that moment.
/// </summary>
internal sealed class FenceKnowledge(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Fenced> _fenced = new(StringComparer.Ordinal);
    private FenceReading? _last;
    private long _lastBegan = long.MinValue;

    /// <summary>Silos that are fenced now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _fenced.Count;
        }
    }

    /// <param name="began">When the look began, by the monotonic clock.</param>
    public void Saw(FenceReading reading, long began)
    {
        lock (_gate)
        {
            if (began < _lastBegan) return;
            (_last, _lastBegan) = (reading, began);
            foreach (var (silo, state) in reading.States)
                if (state.IsFenced) Know_NeedsLock(silo, state, began);
            foreach (var (silo, fenced) in _fenced)
                if (fenced.Since < began && reading.Of(silo) is not { IsFenced: true }) _fenced.Remove(silo);
        }
    }

    /// <summary>What this silo wrote was acknowledged.</summary>
    /// <param name="sent">Before it was sent.</param>
    /// <returns>Since when the other has had no good look.</returns>
    public long Wrote(string silo, FenceState state, long sent)
    {
        lock (_gate) return Know_NeedsLock(silo, state, sent).Since;
    }

    /// <summary>Since when that silo has had no good look, as was still so by something that began at that moment or later; null if it may have had one.</summary>
    public long? WithoutLookSince(string silo, long stillAt)
    {
        lock (_gate) return _fenced.TryGetValue(silo, out var fenced) && fenced.ConfirmedAt >= stillAt ? fenced.Since : null;
    }

    /// <summary>Whether that silo has ever been seen registered: then it has a mandate, which ends.</summary>
    public bool HasMandate(string silo)
    {
        lock (_gate) return _fenced.ContainsKey(silo) || _last?.Of(silo) is not null;
    }

    /// <summary>What can be said for a silo that has heard so much.</summary>
    public Vouch VouchFor(string silo, FenceState? heard)
    {
        lock (_gate)
        {
            var isKnownOtherwise = heard is not { } own || _last?.Dead.Contains(silo) == true || (_fenced.TryGetValue(silo, out var fenced) && (fenced.Life != own.Life || fenced.Last > own.Heard));
            return new Vouch(isKnownOtherwise, _last is null ? null : clock.GetElapsedTime(_lastBegan), _last?.Of(silo)?.ToString());
        }
    }

    private Fenced Know_NeedsLock(string silo, FenceState state, long stillAt)
    {
        var isSame = _fenced.TryGetValue(silo, out var known) && known.Life == state.Life && known.First > state.Heard;
        return _fenced[silo] = isSame
            ? known! with { Last = Math.Max(known!.Last, state.Written), ConfirmedAt = Math.Max(known.ConfirmedAt, stillAt) }
            : new Fenced(state.Life, state.Written, state.Written, clock.GetTimestamp(), stillAt);
    }

    /// <param name="First">An entry that it had not heard when this silo came to know of it.</param>
    /// <param name="Last">The last entry that is known of.</param>
    /// <param name="ConfirmedAt">When what last showed so began.</param>
    private sealed record Fenced(string Life, long First, long Last, long Since, long ConfirmedAt);
}
