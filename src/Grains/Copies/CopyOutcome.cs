namespace Granary.Grains.Copies;

/// <summary>What became of a copy that was offered. Numbers travel: they are never given another meaning.</summary>
public enum CopyOutcome
{
    /// <summary>It is stored, whole.</summary>
    Taken = 0,

    /// <summary>It is stored and its content still arrives: who wants to know the end offers it again.</summary>
    Arriving = 1,

    /// <summary>What is there is as good or newer.</summary>
    HasAsGood = 2,

    /// <summary>Too large to be kept, or not asked for often enough to push others out of a full store.</summary>
    OverBudget = 3,

    /// <summary>Its URI was invalidated a moment ago, or while it was on its way (P2).</summary>
    Invalidated = 4,

    /// <summary>It has groups, and this silo has not heard yet which were invalidated before it joined.</summary>
    GroupsUnknown = 5,

    /// <summary>The giver no longer has it, or cannot be asked.</summary>
    NotCurrent = 6,

    /// <summary>Its content could not be read to the end.</summary>
    NoContent = 7,

    /// <summary>Too many come in at the same time.</summary>
    Busy = 8,
}

internal static class CopyOutcomes
{
    public static bool IsThere(this CopyOutcome outcome) => outcome is CopyOutcome.Taken or CopyOutcome.Arriving or CopyOutcome.HasAsGood;

    /// <summary>As in logs and metrics.</summary>
    public static string Word(this CopyOutcome outcome) => outcome switch
    {
        CopyOutcome.Taken => "taken",
        CopyOutcome.Arriving => "arriving",
        CopyOutcome.HasAsGood => "has-as-good",
        CopyOutcome.OverBudget => "over-budget",
        CopyOutcome.Invalidated => "invalidated",
        CopyOutcome.GroupsUnknown => "groups-unknown",
        CopyOutcome.NotCurrent => "not-current",
        CopyOutcome.NoContent => "no-content",
        CopyOutcome.Busy => "busy",
        _ => "unknown",
    };
}
