using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Granary.Language;

/// <summary>
/// The one fake clock: wall time, monotonic time and timers move only when a test says so. Before a process somewhere else it is the real one, and what shall pass is waited for.
/// </summary>
public sealed class Clock
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan MostWaited = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider? _fake;

    public Clock() : this(new FakeTimeProvider(Start))
    {
    }

    private Clock(TimeProvider passing)
    {
        _fake = passing as FakeTimeProvider;
        Time = new WallTime(passing);
    }

    public static Clock Real { get; } = new(TimeProvider.System);

    public WallTime Time { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public void Passes(TimeSpan span)
    {
        if (_fake is not null) _fake.Advance(span);
        else if (span <= MostWaited) Task.Delay(span, TimeProvider.System).Wait();
        else throw new InvalidOperationException("This case needs the clock: [Trait(\"Needs\", \"Clock\")].");
    }

    /// <summary>Lets time pass in steps until something has ended: whatever timer it waits for may not have been set yet at the first.</summary>
    public async Task PassesUntil(Task ended, TimeSpan step, Action? meanwhile = null)
    {
        await PassesUntil(() => ended.IsCompleted, step, () => "Time passed and nothing ended.", meanwhile);
    }

    /// <summary>The same for something that can only be looked at.</summary>
    public async Task PassesUntil(Func<bool> ended, TimeSpan step, Func<string> state, Action? meanwhile = null)
    {
        var patience = Deadline.Over();
        while (!ended() && !patience.IsCompleted)
        {
            Passes(step);
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System); // for what the timers set going
        }

        Assert.True(ended(), state());
    }

    /// <summary>The wall clock is set, forward or back; nothing passes.</summary>
    public void IsSet(TimeSpan by) => Time.IsSet(by);

    /// <summary>Now, or as long after it, as a field value.</summary>
    public string Date(TimeSpan later = default) => (Now + later).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A wall clock that can be set, beside a monotonic clock and timers that go on as ever.</summary>
public sealed class WallTime(TimeProvider passing) : TimeProvider
{
    private long _set;

    public override long TimestampFrequency => passing.TimestampFrequency;

    public void IsSet(TimeSpan by) => Interlocked.Add(ref _set, by.Ticks);

    public override DateTimeOffset GetUtcNow() => passing.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _set));

    public override long GetTimestamp() => passing.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => passing.CreateTimer(callback, state, dueTime, period);
}

public static class Spans
{
    public static TimeSpan Seconds(this int count) => TimeSpan.FromSeconds(count);

    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);

    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);
}
