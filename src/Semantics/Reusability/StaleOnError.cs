using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Reusability;

/// <summary>What is wrong with the origin.</summary>
public enum OriginTrouble
{
    /// <summary>No answer: refused, unreachable, timed out, cut off in the head.</summary>
    Disconnected,

    /// <summary>It answered with 500, 502, 503 or 504.</summary>
    ServerError,
}

/// <summary>
/// Whether a stored response may stand in for an origin in trouble. RFC 9111 §4.2.4, RFC 5861 §4: regardless of the freshness the
/// request asks for, but not of its no-cache.
/// </summary>
public static class StaleOnError
{
    public static bool Allows(
        RequestHead presented, StoredResponse stored, TimeSpan residentTime, OriginTrouble trouble, ReuseOptions options)
    {
        if (stored.CacheControl.RequiresValidation) return false;
        var it = new Candidate(stored, residentTime);
        var asked = options.HonourRequestDirectives ? CacheControl.OfRequest(presented.Fields) : CacheControl.None;
        if (asked.NoCache) return false;
        if (it.IsFresh) return true;
        return !stored.CacheControl.ForbidsStale && it.Staleness <= Allowed(stored.CacheControl, asked, trouble, options);
    }

    // What the origin or the client says about errors holds; only where both are silent does the option speak, and only when there is no answer at all.
    private static TimeSpan Allowed(CacheControl stored, CacheControl asked, OriginTrouble trouble, ReuseOptions options)
    {
        if (stored.StaleIfError is not null || asked.StaleIfError is not null)
            return Longer(stored.StaleIfError, asked.StaleIfError);
        return trouble == OriginTrouble.Disconnected ? options.StaleIfDisconnected : TimeSpan.MinValue;
    }

    private static TimeSpan Longer(TimeSpan? a, TimeSpan? b) =>
        (a ?? TimeSpan.Zero) > (b ?? TimeSpan.Zero) ? a!.Value : b ?? a ?? TimeSpan.Zero;
}
