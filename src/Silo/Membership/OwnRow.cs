namespace Granary.Silo.Membership;

/// <summary>What a look at the table says of the own row.</summary>
internal enum OwnRow
{
    /// <summary>It is there.</summary>
    Present,

    /// <summary>Redis came back empty, or as it was some time ago: the table has to be put back.</summary>
    SetBack,

    /// <summary>It says that this silo is dead, or the table went on without it, as it does with one that was declared dead long ago: this silo is no member.</summary>
    Removed,
}

/// <summary>Tells by versions, which only grow: one that is lower than before is that of a table that was lost.</summary>
internal static class OwnRows
{
    public static OwnRow Judge(TableCopy before, TableCopy found, string own) =>
        found.Version is not { } version || version < before.Version ? OwnRow.SetBack
        : !found.Rows.TryGetValue(own, out var row) || RowStatus.IsDead(row) ? OwnRow.Removed
        : OwnRow.Present;
}
