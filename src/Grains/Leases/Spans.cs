namespace Granary.Grains.Leases;

/// <summary>Moments of the monotonic clock, which is all that leases go by.</summary>
internal static class Spans
{
    public static long After(this TimeProvider clock, TimeSpan span) => clock.GetTimestamp() + (long)((Int128)span.Ticks * clock.TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <summary>Time until that moment, in whole milliseconds, as timers count, rounded up; null when it has come.</summary>
    public static TimeSpan? Left(this TimeProvider clock, long until)
    {
        var now = clock.GetTimestamp();
        return now >= until ? null : TimeSpan.FromMilliseconds(Math.Ceiling(clock.GetElapsedTime(now, until).TotalMilliseconds));
    }

    /// <summary>Waits until that moment has come, whatever the timers say.</summary>
    public static async Task Reach(this TimeProvider clock, long until, CancellationToken cancellationToken = default)
    {
        while (clock.Left(until) is { } left) await Task.Delay(left, clock, cancellationToken);
    }
}
