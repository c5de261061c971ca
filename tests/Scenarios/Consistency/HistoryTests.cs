using Microsoft.Extensions.Time.Testing;

namespace Granary.Scenarios.Consistency;

/// <summary>The checker itself: it finds what is stale, and holds against nobody what he could not know.</summary>
public sealed class HistoryTests
{
    private readonly History _history = new(2, new FakeTimeProvider());

    [Fact]
    public void A_read_that_began_after_a_purge_was_acknowledged_and_sees_what_was_before_is_stale()
    {
        Purges(0);
        Reads(0, version: 1);
        Assert.Contains("version 1; version 2 was purged by a purge", Assert.Single(_history.Stale), StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_that_sees_the_version_of_the_purge_or_a_newer_one_is_not()
    {
        Purges(0);
        _history.Changes(0);
        Reads(0, version: 2);
        Reads(0, version: 3);
        Assert.Empty(_history.Stale);
        Assert.Equal(2, _history.Reads);
    }

    [Fact]
    public void A_read_that_began_before_the_acknowledgement_may_see_either()
    {
        _history.Changes(0);
        var purge = _history.Sends("a purge", [0]);
        var read = _history.Begins(0);
        _history.Acknowledges(purge);
        _history.Ends(read, 1, "at edge 1");
        Assert.Empty(_history.Stale);
    }

    [Fact]
    public void A_purge_that_was_not_acknowledged_proves_nothing()
    {
        _history.Changes(0);
        _history.Sends("a purge", [0]);
        Reads(0, version: 1);
        Assert.Empty(_history.Stale);
    }

    [Fact]
    public void A_change_while_a_purge_is_under_way_need_not_be_seen()
    {
        var purge = _history.Sends("a purge", [0]);
        _history.Changes(0);
        _history.Acknowledges(purge);
        Reads(0, version: 1);
        Assert.Empty(_history.Stale);
    }

    [Fact]
    public void A_purge_that_is_acknowledged_late_does_not_hide_a_newer_one()
    {
        _history.Changes(0);
        var slow = _history.Sends("a slow purge", [0]);
        Purges(0);
        _history.Acknowledges(slow);
        Reads(0, version: 2);
        Assert.Single(_history.Stale);
    }

    [Fact]
    public void A_purge_of_several_holds_for_each_of_them()
    {
        Purges(0, 1);
        Reads(0, version: 2);
        Reads(1, version: 1);
        Assert.StartsWith("resource 1 ", Assert.Single(_history.Stale), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_never_was_is_found()
    {
        Reads(0, version: 2);
        Assert.Contains("never was", Assert.Single(_history.Stale), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_many_readers_and_writers_nothing_is_stale_where_the_newest_is_read_and_a_planted_one_is_found()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            for (var turn = 0; turn < 5_000; turn++)
                if (i % 2 == 0)
                {
                    Purges(turn % 2);
                }
                else
                {
                    var read = _history.Begins(turn % 2);
                    _history.Ends(read, _history.VersionOf(turn % 2), "now");
                }
        })));
        Assert.Empty(_history.Stale);
        Reads(0, version: _history.VersionOf(0) - 1);
        Assert.Single(_history.Stale);
    }

    private void Purges(params int[] resources)
    {
        foreach (var resource in resources) _history.Changes(resource);
        _history.Acknowledges(_history.Sends("a purge", resources));
    }

    private void Reads(int resource, long version) => _history.Ends(_history.Begins(resource), version, "at edge 1");
}
