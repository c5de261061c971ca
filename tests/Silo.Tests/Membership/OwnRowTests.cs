using System.Collections.Immutable;
using Granary.Silo.Membership;

namespace Granary.Silo.Tests.Membership;

public sealed class OwnRowTests
{
    private const string Own = "S10.0.0.1:11111:1", Other = "S10.0.0.2:11111:1", New = "S10.0.0.3:11111:2";

    private static readonly TableCopy Before = Table(7, Own, Other);

    [Fact]
    public void A_row_that_is_there_is_present_and_versions_may_grow() => Assert.Equal(OwnRow.Present, OwnRows.Judge(Before, Table(9, Own), Own));

    [Fact]
    public void No_table_at_all_was_lost() => Assert.Equal(OwnRow.SetBack, OwnRows.Judge(Before, Table(null), Own));

    [Fact]
    public void A_table_that_somebody_began_anew_was_lost() => Assert.Equal(OwnRow.SetBack, OwnRows.Judge(Before, Table(2, New), Own));

    [Fact]
    public void A_table_as_it_was_some_time_ago_was_lost_even_if_the_own_row_was_there_then() => Assert.Equal(OwnRow.SetBack, OwnRows.Judge(Before, Table(6, Own), Own));

    [Fact]
    public void A_table_that_went_on_without_the_own_row_has_removed_it() => Assert.Equal(OwnRow.Removed, OwnRows.Judge(Before, Table(8, Other), Own));

    [Fact]
    public void A_silo_that_was_declared_dead_while_it_lives_is_no_member() =>
        Assert.Equal(OwnRow.Removed, OwnRows.Judge(Before, new TableCopy(8, Before.Rows.SetItem(Own, """{"Status":6}""")), Own));

    [Fact]
    public void What_is_put_back_keeps_those_who_have_joined_since_and_has_a_version_above_all_that_was_seen()
    {
        var wanted = Before.Over(Table(2, New), known: 8, new HashSet<string>());
        Assert.Equal(9, wanted.Version);
        Assert.Equal([Own, Other, New], wanted.Rows.Keys.Order());
    }

    [Fact]
    public void Who_was_declared_dead_since_the_copy_was_made_does_not_come_back()
    {
        var wanted = Before.Over(Table(null), known: 7, new HashSet<string> { Other });
        Assert.Equal([Own], wanted.Rows.Keys);
    }

    private static TableCopy Table(long? version, params string[] rows) => new(version, rows.ToImmutableDictionary(row => row, row => $"{row} as of {version}"));
}
