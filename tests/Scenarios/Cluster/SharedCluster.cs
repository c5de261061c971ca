using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>
/// A cluster that several scenarios use one after another, since a process takes two seconds of a core to start. Each gets it whole and ready, with an origin that knows nothing, and
/// has a host of its own there, since what was stored before is still stored. Not for who needs copies at other silos: they take none for some time after a purge of a group.
/// A scenario that leaves it so that it cannot be mended fails the next one alone.
/// </summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private Language.Cluster? _cluster;

    public Origin Origin { get; } = Origin.Starts();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task<Language.Cluster> Whole(int silos = 3, int edges = 2)
    {
        Origin.Forgets();
        if (Interlocked.Exchange(ref _cluster, null) is not { } former) return _cluster = await Language.Cluster.Starts(Origin, silos, edges);
        try
        {
            await former.IsMadeWhole(silos, edges);
        }
        catch
        {
            await former.DisposeAsync();
            throw;
        }

        return _cluster = former;
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        await Origin.DisposeAsync();
    }
}
