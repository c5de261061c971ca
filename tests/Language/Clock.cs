using Microsoft.Extensions.Time.Testing;

namespace Granary.Language;

/// <summary>The one fake clock: wall time, monotonic time and timers move only when a test says so.</summary>
public sealed class Clock
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(Start);

    public DateTimeOffset Now => Time.GetUtcNow();

    public void Passes(TimeSpan span) => Time.Advance(span);

    /// <summary>Now, or as long after it, as a field value.</summary>
    public string Date(TimeSpan later = default) => (Now + later).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}

public static class Spans
{
    public static TimeSpan Seconds(this int count) => TimeSpan.FromSeconds(count);

    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);

    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);
}
