namespace Granary.Language;

/// <summary>The timers that are set on the fake clock, so that a test can wait until the product waits.</summary>
internal sealed class PendingTimers
{
    private readonly Dictionary<Watched, Setting> _set = [];
    private long _newest;

    public Changes Changes { get; } = new();

    /// <summary>The number of the setting made last.</summary>
    public long Newest
    {
        get
        {
            lock (_set) return _newest;
        }
    }

    /// <summary>How many are set to run out after that span, counted from when they were set, and were set after that one.</summary>
    public int Count(TimeSpan span, long after = 0)
    {
        lock (_set) return _set.Values.Count(setting => setting.Span == span && setting.Number > after);
    }

    /// <summary>When the first of those is due, or shortly before: time may have passed while it was set.</summary>
    public DateTimeOffset? Due(TimeSpan span)
    {
        lock (_set) return _set.Values.Where(setting => setting.Span == span).Min(static setting => (DateTimeOffset?)setting.Due);
    }

    private void Note(Watched timer, TimeSpan span, DateTimeOffset now)
    {
        lock (_set)
        {
            if (span < TimeSpan.Zero) _set.Remove(timer);
            else _set[timer] = new Setting(++_newest, span, now + span);
        }

        Changes.Happen();
    }

    private void Forget(Watched timer)
    {
        lock (_set) _set.Remove(timer);
    }

    private readonly record struct Setting(long Number, TimeSpan Span, DateTimeOffset Due);

    /// <summary>A timer that says when it is set, and is forgotten before it calls back: it may be set anew in there.</summary>
    public sealed class Watched : ITimer
    {
        private readonly PendingTimers _timers;
        private readonly TimeProvider _passing;
        private readonly ITimer _timer;

        public Watched(PendingTimers timers, TimeProvider passing, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_timers, _passing) = (timers, passing);
            _timer = passing.CreateTimer(_ => CallBack(callback, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != TimeSpan.Zero) _timers.Note(this, dueTime, _passing.GetUtcNow()); // first, so that what has run out is not noted afterwards
            var changed = _timer.Change(dueTime, period);
            if (!changed) _timers.Forget(this);
            return changed;
        }

        public void Dispose()
        {
            _timers.Forget(this);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            _timers.Forget(this);
            return _timer.DisposeAsync();
        }

        private void CallBack(TimerCallback callback, object? state)
        {
            _timers.Forget(this);
            callback(state);
        }
    }
}
