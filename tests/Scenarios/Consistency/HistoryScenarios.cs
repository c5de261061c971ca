using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>
/// P2 in a cluster of real processes. What readers see is held against the history of changes and purges, while silos and edges are killed, stopped and ended.
/// <c>.ci/history [seed]</c> is the long run.
/// </summary>
[Collection(Cluster.Processes.Name)]
public sealed class HistoryScenarios : IAsyncLifetime
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("GRANARY_SOAK") == "1";
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("GRANARY_SEED"), out var seed) ? seed : 1;
    private static readonly int Minutes = int.TryParse(Environment.GetEnvironmentVariable("GRANARY_MINUTES"), out var minutes) ? minutes : 15;
    private static readonly Extent Size = IsSoak
        ? new Extent(Silos: 3, Edges: 4, Resources: 240, Purges: 2_000, Reads: 500_000, Faults: 18, TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(Minutes))
        : new Extent(Silos: 3, Edges: 2, Resources: 120, Purges: 150, Reads: 10_000, Faults: 2, TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(4));

    private readonly Origin _origin = Origin.Starts(remembers: false);
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Language.Cluster.Starts(_origin, Size.Silos, Size.Edges);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Promise", "P2"), Trait("Promise", "P4")]
    public async Task No_read_that_began_after_a_purge_was_acknowledged_sees_what_was_before_whoever_is_away_meanwhile()
    {
        using var run = new HistoryRun(_origin, new Places(_cluster), Size, Seed);
        await run.Ends();
        Report.Writes(run.Table());
        Assert.True(run is { IsClean: true, IsWhole: true }, run.Table());
        await A_purge_that_was_never_sent_is_seen();
    }

    // The checker must be able to fail: a change that nobody was told of.
    private async Task A_purge_that_was_never_sent_is_seen()
    {
        var history = new History(1, TimeProvider.System);
        var site = Site.On(_origin, history, "/control", 1);
        using var reader = new Reader(0, new Places(_cluster), history, new Tally());
        await Deadline.Until(
            async () =>
            {
                history.Changes(0);
                await reader.Reads(site.Resources[0], "en"); // stored, or stored since
                history.Acknowledges(history.Sends("nobody", [0]));
                history.Changes(0);
                history.Acknowledges(history.Sends("nobody", [0]));
                await reader.Reads(site.Resources[0], "en");
                return history.Stale.Count > 0;
            },
            () => "A stale read was not seen.");
        Assert.Contains("was purged by nobody", history.Stale.First(), StringComparison.Ordinal);
        await reader.Ends();
    }
}

/// <param name="Faults">At least so many, and more as long as purges and reads are missing.</param>
/// <param name="Patience">After it nothing more is begun, whatever is missing.</param>
internal sealed record Extent(int Silos, int Edges, int Resources, int Purges, int Reads, int Faults, TimeSpan LongestFreeze, TimeSpan Patience);
