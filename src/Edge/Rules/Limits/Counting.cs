using Granary.Silo.Configuration;

namespace Granary.Edge.Rules.Limits;

/// <summary>How requests are counted: by the monotonic clock, a few numbers for each client. Times are ticks of the clock since the limit was made, so that they are small enough for exact fractions.</summary>
internal abstract class Counting
{
    /// <summary>Takes a permit.</summary>
    /// <returns>Null when it was there, else after how many ticks it may be.</returns>
    public abstract long? Take_NeedsLock(Share share, long now);

    /// <summary>The request has ended.</summary>
    public virtual void GiveBack_NeedsLock(Share share)
    {
    }

    /// <summary>Nothing would be different if nobody had ever asked.</summary>
    public abstract bool IsIdle_NeedsLock(Share share, long now);

    public static Counting Of(RateLimitSettings limit, long ticksPerSecond)
    {
        var window = Math.Max((long)(limit.Window.TotalSeconds * ticksPerSecond), 1);
        return limit.Kind switch
        {
            RateLimitKind.FixedWindow => new FixedWindow(limit.Permits, window),
            RateLimitKind.SlidingWindow => new SlidingWindow(limit.Permits, window),
            RateLimitKind.Concurrency => new Concurrency(limit.Permits, ticksPerSecond),
            _ => new Tokens(limit.Burst > 0 ? limit.Burst : limit.Permits, (double)window / limit.Permits),
        };
    }
}

/// <summary>A bucket of tokens, kept as the time at which it is full again (the generic cell rate algorithm of ATM, read as a bucket).</summary>
internal sealed class Tokens(int burst, double ticksPerToken) : Counting
{
    // Of sums, in ticks.
    private const double Rounding = 0.01;

    private readonly double _whole = burst * ticksPerToken;

    public override long? Take_NeedsLock(Share share, long now)
    {
        var full = Math.Max(share.FullAt, now) + ticksPerToken;
        if (full - now - _whole is var missing && missing > Rounding) return (long)Math.Ceiling(missing);
        share.FullAt = full;
        return null;
    }

    public override bool IsIdle_NeedsLock(Share share, long now) => share.FullAt <= now;
}

/// <summary>So many in each window; the windows of all clients begin together.</summary>
internal sealed class FixedWindow(int permits, long window) : Counting
{
    public override long? Take_NeedsLock(Share share, long now)
    {
        if (share.At != now / window) (share.At, share.Now) = (now / window, 0);
        if (share.Now >= permits) return window - (now % window);
        share.Now++;
        return null;
    }

    public override bool IsIdle_NeedsLock(Share share, long now) => share.At != now / window;
}

/// <summary>The window that ends now, as if what came in the one before had come evenly.</summary>
internal sealed class SlidingWindow(int permits, long window) : Counting
{
    public override long? Take_NeedsLock(Share share, long now)
    {
        Turn(share, now / window);
        var passed = now % window;
        if (share.Now + (share.Before * (1 - ((double)passed / window))) > permits - 1) return Wait(share, passed);
        share.Now++;
        return null;
    }

    public override bool IsIdle_NeedsLock(Share share, long now) => share.At < (now / window) - 1;

    private static void Turn(Share share, long index)
    {
        if (share.At == index) return;
        (share.Before, share.Now) = (share.At == index - 1 ? share.Now : 0, 0);
        share.At = index;
    }

    // Until so little of a window is left to count that one more fits; of the next one if this one alone is full.
    private long Wait(Share share, long passed)
    {
        var room = permits - 1 - share.Now;
        if (room >= 0) return Math.Max((long)Math.Ceiling(window * (1 - ((double)room / share.Before))) - passed, 1);
        return window - passed + (long)Math.Ceiling(window * (1 - ((double)(permits - 1) / share.Now)));
    }
}

/// <summary>So many at a time.</summary>
internal sealed class Concurrency(int permits, long ticksPerSecond) : Counting
{
    public override long? Take_NeedsLock(Share share, long now)
    {
        if (share.Now >= permits) return ticksPerSecond;
        share.Now++;
        return null;
    }

    public override void GiveBack_NeedsLock(Share share) => share.Now--;

    public override bool IsIdle_NeedsLock(Share share, long now) => share.Now == 0;
}
