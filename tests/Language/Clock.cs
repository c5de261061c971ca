using Xunit;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Language;

/// <summary>The one fake clock: wall time, monotonic time and timers move only when a test says so.</summary>
public sealed class Clock
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(Start);

    public DateTimeOffset Now => Time.GetUtcNow();

    public void Passes(TimeSpan span) => Time.Advance(span);

    /// <summary>Lets time pass in steps until something has ended: whatever timer it waits for may not have been set yet at the first.</summary>
    public async Task PassesUntil(Task ended, TimeSpan step, Action? meanwhile = null)
    {
        var patience = Deadline.Over();
        while (!ended.IsCompleted && !patience.IsCompleted)
        {
            Passes(step);
            meanwhile?.Invoke();
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System)); // for what the timers set going
        }

        Assert.True(ended.IsCompleted, "Time passed and nothing ended.");
    }

    /// <summary>The wall clock is set, forward or back; nothing passes.</summary>
    public void IsSet(TimeSpan by) => Time.AdjustTime(Now + by);

    /// <summary>Now, or as long after it, as a field value.</summary>
    public string Date(TimeSpan later = default) => (Now + later).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}

public static class Spans
{
    public static TimeSpan Seconds(this int count) => TimeSpan.FromSeconds(count);

    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);

    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);
}
