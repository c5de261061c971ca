using Granary.Language;
using Xunit.Abstractions;

namespace Granary.Scenarios.Cluster;

/// <summary>Three silos, two edges, and popular URLs, all warm; then something happens to a process under a steady load. Small by default, full size for a soak.</summary>
public abstract class LoadedCluster(ITestOutputHelper output, params string[] switches) : IAsyncLifetime
{
    private protected static readonly bool IsSoak = Environment.GetEnvironmentVariable("GRANARY_SOAK") == "1";
    private protected static readonly int Urls = IsSoak ? 2_000 : 200;
    private protected static readonly int PerSecond = IsSoak ? 500 : 100;

    private protected Origin Origin { get; } = Origin.Starts();

    private protected Language.Cluster Cluster { get; private set; } = null!;

    private protected SteadyLoad Load { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Cluster = await Language.Cluster.Starts(Origin, silos: 3, edges: 2, edgeSwitches: switches, siloSwitches: switches);
        Load = SteadyLoad.On(Origin, Cluster.Edges, Urls);
    }

    public async Task DisposeAsync()
    {
        await Load.DisposeAsync();
        await Cluster.DisposeAsync();
        await Origin.DisposeAsync();
    }

    /// <summary>Every URL is stored, and copied to the silo that ranks next for it. A copy that was not taken at once is tried again with later hits.</summary>
    private protected async Task IsWarm()
    {
        await Load.Warms(4);
        double taken = 0;
        await Deadline.Until(
            async () =>
            {
                await Load.Warms(1);
                taken = await Cluster.Metric("granary_copies_taken_total");
                return taken >= Urls;
            },
            () => $"{taken} copies of {Urls} were taken.");
    }

    /// <summary>The load runs, and has for a second.</summary>
    private protected async Task LoadBegins(int hot = 1)
    {
        Load.Begins(PerSecond, hot);
        await LoadGoesOn(1);
    }

    private protected Task LoadGoesOn(int seconds) => Load.Answers(seconds * PerSecond);

    /// <summary>The load is over, and no request of it failed (P3).</summary>
    private protected async Task NobodyNoticed()
    {
        await Load.Ends();
        output.WriteLine(Load.Figures);
        Load.NobodyNoticed();
    }

    /// <summary>Each URL was asked for once (P6), but for so many: what a silo alone was asked for and could not give away in time.</summary>
    private protected void OriginWasSpared(int but) => Assert.True(Load.AskedOfOrigin <= Urls + but, Load.Figures);

    /// <summary>One that dies has given all that is popular away but what it was just about to: one in fifty.</summary>
    private protected static int Few => Urls / 50;
}
