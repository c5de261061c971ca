namespace Granary.Silo.Admin.Purging;

/// <summary>
/// How many purges a second: a burst of one second's worth at once, then one after the other at that rate, in a queue of two seconds' worth; what comes beyond is refused. Generic cell
/// rate algorithm: all its state is the time at which the next place is free.
/// </summary>
internal sealed class PurgeRate(Func<int> perSecond, TimeProvider clock)
{
    private const double Burst = 1;

    private const double Queue = 2;

    private readonly Lock _gate = new();
    private readonly long _began = clock.GetTimestamp();
    private double _free;

    /// <returns>How long to wait for the turn; null if there is no place, then try again in a second.</returns>
    public TimeSpan? Take()
    {
        lock (_gate)
        {
            var now = clock.GetElapsedTime(_began).TotalSeconds;
            var free = Math.Max(_free, now);
            var wait = free - now - Burst;
            if (wait > Queue) return null;
            _free = free + 1.0 / perSecond();
            return wait > 0 ? TimeSpan.FromSeconds(wait) : TimeSpan.Zero;
        }
    }
}
