namespace Granary.Silo.Hosting;

/// <summary>Lets the first through and then one every ten seconds: what fails again and again is said, and does not flood.</summary>
public sealed class NowAndThen(TimeProvider clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private long? _last;

    /// <summary>One caller at a time.</summary>
    public bool IsTime()
    {
        var now = clock.GetTimestamp();
        if (_last is { } last && clock.GetElapsedTime(last, now) < Period) return false;
        _last = now;
        return true;
    }
}
