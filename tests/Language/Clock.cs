using Microsoft.Extensions.Time.Testing;

namespace Granary.Language;

/// <summary>
/// The one fake clock: wall time, monotonic time and timers move only when a test says so. Before a process somewhere else it is the real one, and what shall pass is waited for.
/// </summary>
public sealed class Clock
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan MostWaited = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider? _fake;
    private readonly PendingTimers _timers = new();

    public Clock() : this(new FakeTimeProvider(Start))
    {
    }

    private Clock(TimeProvider passing)
    {
        _fake = passing as FakeTimeProvider;
        Passing = passing;
        Time = new WallTime(passing, _timers);
    }

    public static Clock Real { get; } = new(TimeProvider.System);

    public WallTime Time { get; }

    private TimeProvider Passing { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public void Passes(TimeSpan span)
    {
        if (_fake is not null) _fake.Advance(span);
        else if (span <= MostWaited) Task.Delay(span, TimeProvider.System).Wait();
        else throw new InvalidOperationException("This case needs the clock: [Trait(\"Needs\", \"Clock\")].");
    }

    /// <summary>
    /// Lets limits of that length run out, one after another as they are set, until something has ended. No time passes while nobody is held to such
    /// a limit: what is still on its way to set one is waited for, and no other, shorter limit is missed meanwhile.
    /// </summary>
    public async Task PassesUntil(Task ended, TimeSpan limit)
    {
        while (await IsHeldTo(limit, ended))
            if (_timers.Due(limit) - Passing.GetUtcNow() is { } left) Passes(left > TimeSpan.Zero ? left : 1.Seconds());
    }

    /// <summary>As far as <see cref="PassesUntil"/>, but in steps shorter than the limit: each time somebody has set it anew, a step passes and something else happens.</summary>
    public async Task PassesInSteps(Task ended, TimeSpan limit, TimeSpan step, Action then)
    {
        for (var seen = 0L; await IsHeldTo(limit, ended, seen);)
        {
            seen = _timers.Newest;
            Passes(step);
            then();
        }
    }

    /// <summary>Waits until so many are held to a limit of that length.</summary>
    public Task Holds(TimeSpan limit, int times) =>
        _timers.Changes.Until(() => _timers.Count(limit) >= times, () => $"{_timers.Count(limit)} limits of {limit} are set, not {times}.");

    /// <summary>The wall clock is set, forward or back; nothing passes.</summary>
    public void IsSet(TimeSpan by) => Time.IsSet(by);

    /// <summary>Now, or as long after it, as a field value.</summary>
    public string Date(TimeSpan later = default) => (Now + later).ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    /// <returns>False when something has ended first.</returns>
    private async Task<bool> IsHeldTo(TimeSpan limit, Task ended, long after = 0)
    {
        _ = ended.ContinueWith(_ => _timers.Changes.Happen(), TaskScheduler.Default);
        await _timers.Changes.Until(() => ended.IsCompleted || _timers.Count(limit, after) > 0, () => $"Nothing ended, and nobody waits for {limit}.");
        return !ended.IsCompleted;
    }
}

/// <summary>A wall clock that can be set, beside a monotonic clock and timers that go on as ever.</summary>
public sealed class WallTime : TimeProvider
{
    private readonly TimeProvider _passing;
    private readonly PendingTimers _timers;
    private long _set;

    internal WallTime(TimeProvider passing, PendingTimers timers) => (_passing, _timers) = (passing, timers);

    public override long TimestampFrequency => _passing.TimestampFrequency;

    public void IsSet(TimeSpan by) => Interlocked.Add(ref _set, by.Ticks);

    public override DateTimeOffset GetUtcNow() => _passing.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _set));

    public override long GetTimestamp() => _passing.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new PendingTimers.Watched(_timers, _passing, callback, state, dueTime, period);
}

public static class Spans
{
    public static TimeSpan Seconds(this int count) => TimeSpan.FromSeconds(count);

    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);

    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);
}
