namespace Granary.Grains.Store;

/// <summary>What became of a response that was to be stored.</summary>
public abstract record PutOutcome
{
    private PutOutcome()
    {
    }

    /// <summary>It can be found.</summary>
    /// <param name="Replaced">How many stored responses went for it.</param>
    public sealed record Stored(int Replaced) : PutOutcome;

    /// <summary>It is not stored; what was stored before is as it was, unless it was evicted in the attempt.</summary>
    public sealed record Refused(PutRefusal Why) : PutOutcome;
}

/// <summary>Why a response was not stored.</summary>
public enum PutRefusal
{
    /// <summary>Its content failed, so it would be stored incomplete (RFC 9111 §3.3).</summary>
    ContentIncomplete,

    /// <summary>Its content is passed through a window: too large to keep, or no room for it was left.</summary>
    ContentNotRetained,

    /// <summary>Its content has already been let go.</summary>
    ContentReleased,

    /// <summary>No budget for its metadata, even after eviction.</summary>
    OverBudget,

    /// <summary>An invalidation came before it.</summary>
    Outdated,

    StoreClosed,
}
