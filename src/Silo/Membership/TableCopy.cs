using System.Collections.Immutable;

namespace Granary.Silo.Membership;

/// <summary>The membership table at some moment.</summary>
/// <param name="Version">Grows with every change; null: there is no table.</param>
/// <param name="Rows">By silo address, as Orleans wrote them; nobody but Orleans reads what is in them, but for the status.</param>
internal sealed record TableCopy(long? Version, ImmutableDictionary<string, string> Rows)
{
    /// <summary>The keys of the rows of active silos.</summary>
    public IReadOnlySet<string> Active() => Rows.Where(static row => RowStatus.IsActive(row.Value)).Select(static row => row.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>The keys of the rows of silos that were declared dead.</summary>
    public IReadOnlySet<string> Dead() => Rows.Where(static row => RowStatus.IsDead(row.Value)).Select(static row => row.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>What the table should be when <paramref name="found"/> is all that is left of it.</summary>
    /// <param name="found">Rows that only it has are those of silos that have joined since.</param>
    /// <param name="known">The newest version that anybody here has seen.</param>
    /// <param name="dead">Silos that were declared dead after this copy was made: they do not come back.</param>
    public TableCopy Over(TableCopy found, long known, IReadOnlySet<string> dead) =>
        // Above everything that was seen: a version that does not grow is ignored by every silo.
        new(Math.Max(known, Math.Max(Version ?? 0, found.Version ?? 0)) + 1, found.Rows.SetItems(Rows.Where(row => !dead.Contains(row.Key))));
}
