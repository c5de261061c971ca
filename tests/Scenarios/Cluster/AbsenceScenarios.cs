using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>A silo that is not there for a while: stopped, or without a processor.</summary>
[Collection(Waits.Name)]
public sealed class AbsenceScenarios : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Language.Cluster.Starts(_origin, silos: 3, edges: 0);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task A_silo_that_was_stopped_until_it_was_declared_dead_ends_itself_with_an_error()
    {
        var away = _cluster.Silos[0];
        away.Process.IsPaused();
        foreach (var silo in _cluster.Silos.Skip(1)) await silo.HasSeenDie(away);
        away.Process.IsResumed();

        Assert.Equal(1, await away.Process.Ends());
        Assert.Contains("Granary ends: ", away.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_was_stopped_as_a_whole_goes_on_after_its_membership_is_confirmed()
    {
        foreach (var silo in _cluster.Silos) silo.Process.IsPaused();
        await Wait.For(TimeSpan.FromSeconds(3));
        foreach (var silo in _cluster.Silos) silo.Process.IsResumed();

        foreach (var silo in _cluster.Silos)
        {
            await silo.Process.Says("was away for more than 2 s");
            await silo.Process.Says("is still a member");
        }
    }
}
